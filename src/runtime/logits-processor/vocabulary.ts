import { hashVocabulary } from '../../lm/index.js'
import type { Tuner } from '../../tuner/index.js'
import type { EdtLogitsProcessorOptions } from './types.js'

/** Special tokens of the model that generates, as far as they are known. */
export interface SpecialTokens {
  /** Undefined when nobody has told them. */
  endTokenIds: readonly number[] | undefined
  padTokenId: number | undefined
}

/** The caller's own word wins over the tokenizer's, that over the model's generation_config.json, and that over its config.json. */
export function specialTokens(options: EdtLogitsProcessorOptions): SpecialTokens {
  const { endTokenIds, padTokenId, model, tokenizer } = options
  const configs = [model?.generation_config, model?.config] as (Record<string, unknown> | null | undefined)[]
  const configured = (field: string) => configs.map((config) => config?.[field]).find((value) => value != null)
  const pad = padTokenId ?? tokenizer?.pad_token_id ?? configured('pad_token_id')
  return {
    endTokenIds: asList(endTokenIds ?? configured('eos_token_id')),
    padTokenId: typeof pad === 'number' ? pad : undefined,
  }
}

/**
 * Checks once that a tuner was trained for the model that generates: by the number of its logits, and by the tokens
 * themselves where the tokenizer is known.
 * @throws {@link CheckpointMismatchError}
 */
export function checkVocabulary(
  tuner: Tuner,
  vocabularySize: number,
  tokenizer: EdtLogitsProcessorOptions['tokenizer'],
): void {
  const { vocabularyHash } = tuner.metadata.languageModel
  const found = tokenizer === undefined ? vocabularyHash : hashVocabulary(tokenizer.get_vocab())
  tuner.checkModel({ id: 'the model of transformers.js', vocabularySize, vocabularyHash: found })
}

function asList(value: unknown): readonly number[] | undefined {
  if (typeof value === 'number') return [value]
  return Array.isArray(value) ? value : undefined
}
