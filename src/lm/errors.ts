import { EdtError } from '../errors.js'

/** A language model could not be loaded: folder, file, architecture, dtype or device. */
export class ModelLoadError extends EdtError {
  override name = 'ModelLoadError' as const
  constructor(
    readonly model: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${model}: ${problem}`, options)
  }
}

/** What was handed to the model cannot be run: no tokens, no chat template, a token id outside the vocabulary. */
export class ModelInputError extends EdtError {
  override name = 'ModelInputError' as const
}

/** Prompt and answer together do not fit into the model's context. */
export class ContextOverflowError extends EdtError {
  override name = 'ContextOverflowError' as const
  constructor(
    readonly promptTokens: number,
    readonly maxNewTokens: number,
    readonly contextLength: number,
  ) {
    super(
      `The prompt has ${promptTokens} tokens and asks for up to ${maxNewTokens} new ones, but the model's context holds ${contextLength}. ` +
        'Shorten the prompt, lower maxNewTokens (--max-new-tokens), or ask for truncation (--truncate).',
    )
  }
}
