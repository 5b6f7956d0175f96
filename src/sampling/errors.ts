import { EdtError } from '../errors.js'

/** A row of logits from which no token can be drawn. */
export class InvalidLogitsError extends EdtError {
  override name = 'InvalidLogitsError' as const
  constructor(
    /** Vocabulary id of the offending logit; undefined when the row as a whole is at fault. */
    readonly index: number | undefined,
    /** The offending value: NaN or +∞; −∞ when every logit is −∞; undefined for an empty row. */
    readonly value: number | undefined,
    /** Number of logits in the row. */
    readonly length: number,
  ) {
    super(describe(index, value, length))
  }
}

function describe(index: number | undefined, value: number | undefined, length: number): string {
  if (length === 0) return 'The row of logits is empty; pass one logit for each token of the vocabulary.'
  if (index === undefined) {
    return `All ${length} logits are −∞, so no token can be drawn; check the logits processors that ban tokens.`
  }
  return `logits[${index}] is ${value}, but every logit must be a finite number or −∞; check the model's output and the logits processors.`
}

/** A temperature rule returned something that is no temperature. */
export class InvalidTemperatureError extends EdtError {
  override name = 'InvalidTemperatureError' as const
  constructor(
    readonly rule: string,
    readonly temperature: number,
    readonly entropy: number,
  ) {
    super(
      `The temperature rule ${rule} returned ${temperature} for entropy ${entropy}, but a temperature must be a finite number ≥ 0; fix the rule.`,
    )
  }
}
