import { InvalidOptionError } from '../errors.js'
import { checkChoice, checkNumber } from './checks.js'
import { formatSignature } from './signature.js'
import { BLEU_TOKENIZER_NAMES, BLEU_TOKENIZERS, type Tokenizer } from './tokenizers.js'
import type { BleuOptions, BleuSmoothing } from './types.js'

/** Options with their defaults filled in. */
export interface BleuSettings extends Required<BleuOptions> {
  /** Lower-casing and tokenizing. */
  words: Tokenizer
}

const SMOOTH_VALUES: Record<BleuSmoothing, number | undefined> = {
  exp: undefined,
  floor: 0.1,
  'add-k': 1,
  none: undefined,
}

/** @throws {InvalidOptionError} for an unknown tokenizer or smoothing, or a smoothing value that cannot be used */
export function resolveBleuOptions(options: BleuOptions, effectiveOrderDefault: boolean): BleuSettings {
  const { lowercase = false, effectiveOrder = effectiveOrderDefault } = options
  const tokenize = checkChoice('tokenize', BLEU_TOKENIZER_NAMES, options.tokenize ?? '13a')
  const smooth = checkChoice('smooth', Object.keys(SMOOTH_VALUES) as BleuSmoothing[], options.smooth ?? 'exp')
  const ownValue = SMOOTH_VALUES[smooth]
  if (ownValue === undefined && options.smoothValue != null) {
    throw new InvalidOptionError('smoothValue', `left out with smooth ${smooth}`, options.smoothValue)
  }
  const smoothValue = checkNumber('smoothValue', options.smoothValue ?? ownValue ?? 0, 0)
  const tokenizer = BLEU_TOKENIZERS[tokenize]
  const words: Tokenizer = lowercase ? (text) => tokenizer(text.toLowerCase()) : tokenizer
  return { tokenize, smooth, smoothValue, lowercase, effectiveOrder, words }
}

/** As sacreBLEU's, e.g. `nrefs:1|case:mixed|eff:yes|tok:13a|smooth:floor[0.10]|version:edt-tuner-0.1.0`. */
export function bleuSignature(
  { tokenize, smooth, smoothValue, lowercase, effectiveOrder }: BleuSettings,
  references: number | 'var',
  before: Record<string, string | number> = {},
): string {
  const value = SMOOTH_VALUES[smooth] === undefined ? '' : `[${formatSmoothValue(smoothValue)}]`
  return formatSignature({
    ...before,
    nrefs: references,
    case: lowercase ? 'lc' : 'mixed',
    eff: effectiveOrder ? 'yes' : 'no',
    tok: tokenize,
    smooth: `${smooth}${value}`,
  })
}

/** Two decimals as sacreBLEU writes them, but all digits where two would hide a difference. */
function formatSmoothValue(value: number): string {
  const short = value.toFixed(2)
  return Number(short) === value ? short : String(value)
}
