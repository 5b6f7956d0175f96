import { ContextOverflowError } from './errors.js'
import type { LanguageModel } from './types.js'

/**
 * Makes room for the answer in the model's context.
 * @param options.truncate drop the oldest tokens of a prompt that is too long, but keep those that the tokenizer sets
 *   before every text. @default false
 * @throws {ContextOverflowError} when the prompt is too long and may not be cut, or maxNewTokens alone fills the context
 */
export function fitToContext(
  model: Pick<LanguageModel, 'contextLength' | 'encode'>,
  tokenIds: readonly number[],
  maxNewTokens: number,
  { truncate = false }: { truncate?: boolean } = {},
): number[] {
  const room = model.contextLength - maxNewTokens
  if (tokenIds.length <= room) return [...tokenIds]
  const leading = model.encode('')
  const start = leading.every((id, i) => tokenIds[i] === id) ? leading : []
  if (!truncate || room <= start.length)
    throw new ContextOverflowError(tokenIds.length, maxNewTokens, model.contextLength)
  return [...start, ...tokenIds.slice(tokenIds.length - (room - start.length))]
}
