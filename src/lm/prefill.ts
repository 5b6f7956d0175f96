import type { BatchModel } from './batch.js'
import { ContextOverflowError, ModelInputError } from './errors.js'
import type { OrtTensor } from './session.js'
import { surprisal } from './surprisal.js'
import type { KvLayer, Prefill, PrefillOptions } from './types.js'

/** Most logits (positions × vocabulary) that one pass may return: 128 MB of float32. */
const MAX_LOGITS = 32 * 1024 * 1024

/**
 * Runs a prompt through the ordinary graph, in passes small enough that the logits of a long prompt fit into memory.
 * @throws {ModelInputError} {ContextOverflowError}
 */
export async function prefill(
  { session, Tensor, shape, vocabularySize }: BatchModel,
  tokenIds: readonly number[],
  contextLength: number,
  { surprisals: wantSurprisals = true }: PrefillOptions = {},
): Promise<Prefill> {
  checkTokens(tokenIds, vocabularySize, contextLength)
  const canKeepLast = session.inputNames.includes('num_logits_to_keep')
  const allLogits = wantSurprisals || !canKeepLast
  const passLength = allLogits ? Math.max(16, Math.floor(MAX_LOGITS / vocabularySize)) : tokenIds.length
  const surprisals = wantSurprisals ? new Float32Array(tokenIds.length - 1) : undefined
  let cache = emptyCache(shape, Tensor)
  let lastLogits = new Float32Array(0)
  for (let start = 0; start < tokenIds.length; start += passLength) {
    const tokens = tokenIds.slice(start, start + passLength)
    const feeds = promptFeeds({ session, Tensor }, tokens, start, cache, allLogits)
    const outputs = await session.run(feeds)
    const logits = outputs.logits.data as Float32Array
    const rowOf = (i: number): Float32Array => logits.subarray(i * vocabularySize, (i + 1) * vocabularySize)
    if (surprisals !== undefined) {
      for (let i = 0; i < tokens.length && start + i + 1 < tokenIds.length; i++) {
        surprisals[start + i] = surprisal(rowOf(i), tokenIds[start + i + 1])
      }
    }
    lastLogits = rowOf(logits.length / vocabularySize - 1).slice()
    cache = Object.fromEntries(
      Object.keys(cache).map((name) => [name, outputs[name.replace('past_key_values', 'present')]]),
    )
  }
  const kv = Array.from({ length: shape.layers }, (_, layer): KvLayer => {
    const [key, value] = ['key', 'value'].map((part) => cache[`past_key_values.${layer}.${part}`].data as Float32Array)
    return { key, value, kvHeads: shape.kvHeads, headSize: shape.headSize }
  })
  return { tokenIds: [...tokenIds], lastLogits, surprisals, kv }
}

function checkTokens(tokenIds: readonly number[], vocabularySize: number, contextLength: number): void {
  if (tokenIds.length === 0) throw new ModelInputError('The prompt has no tokens; give the model at least one.')
  const unknown = tokenIds.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize)
  if (unknown >= 0) {
    throw new ModelInputError(
      `Prompt token ${unknown} is ${tokenIds[unknown]}, but this model's ids are 0 … ${vocabularySize - 1}. Encode the prompt with the model's own tokenizer.`,
    )
  }
  if (tokenIds.length >= contextLength) throw new ContextOverflowError(tokenIds.length, 1, contextLength)
}

/** Inputs for one pass over `tokens`, which follow `start` cached positions. */
export function promptFeeds(
  { session, Tensor }: Pick<BatchModel, 'session' | 'Tensor'>,
  tokens: readonly number[],
  start: number,
  cache: Record<string, OrtTensor>,
  allLogits: boolean,
): Record<string, OrtTensor> {
  const total = start + tokens.length
  const feeds: Record<string, OrtTensor> = {
    ...cache,
    input_ids: new Tensor('int64', BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
    attention_mask: new Tensor('int64', new BigInt64Array(total).fill(1n), [1, total]),
  }
  if (session.inputNames.includes('position_ids')) {
    const positions = BigInt64Array.from(tokens, (_, i) => BigInt(start + i))
    feeds.position_ids = new Tensor('int64', positions, [1, tokens.length])
  }
  if (session.inputNames.includes('num_logits_to_keep')) {
    feeds.num_logits_to_keep = new Tensor('int64', BigInt64Array.of(allLogits ? 0n : 1n), [])
  }
  return feeds
}

/** The cache before the first token: no positions. */
export function emptyCache(
  { layers, kvHeads, headSize }: BatchModel['shape'],
  Tensor: BatchModel['Tensor'],
): Record<string, OrtTensor> {
  const cache: Record<string, OrtTensor> = {}
  for (let layer = 0; layer < layers; layer++) {
    for (const part of ['key', 'value']) {
      cache[`past_key_values.${layer}.${part}`] = new Tensor('float32', new Float32Array(0), [1, kvHeads, 0, headSize])
    }
  }
  return cache
}
