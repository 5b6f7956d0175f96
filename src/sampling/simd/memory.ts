import type { KernelExports } from './instance.js'

/** Lanes: rows are padded with −∞ to a multiple of it, lists have room for that many more entries. */
const PAD = 16
const PAGE = 65_536

/** Where a row and its lists lie in the kernel's memory; addresses in bytes, views over the same places. */
export interface KernelMemory {
  /** Logits that fit; 0 before the first row. */
  capacity: number
  logits: number
  ids: number
  kept: number
  weights: number
  bracketLogits: number
  bracketWeights: number
  sums: number
  row: Float32Array
  idsView: Int32Array
  weightsView: Float32Array
  bracketLogitsView: Float32Array
  bracketWeightsView: Float32Array
  results: Float64Array
}

/** Lays the memory out for rows of up to `length` logits, and grows it when needed (which moves all views). */
export function layOut(exports: KernelExports, length: number): KernelMemory {
  const capacity = padded(length)
  const list = 4 * (capacity + PAD)
  let end = exports.heapAddress()
  const take = (bytes: number) => {
    const address = end
    end += bytes
    return address
  }
  const logits = take(4 * capacity)
  const ids = take(list)
  const kept = take(list)
  const weights = take(list)
  const bracketLogits = take(list)
  const bracketWeights = take(list)
  const sums = take(list) // one float64 for every 64 entries needs less
  const missing = end - exports.memory.buffer.byteLength
  if (missing > 0) exports.memory.grow(Math.ceil(missing / PAGE))
  const { buffer } = exports.memory
  return {
    capacity,
    logits,
    ids,
    kept,
    weights,
    bracketLogits,
    bracketWeights,
    sums,
    row: new Float32Array(buffer, logits, capacity),
    idsView: new Int32Array(buffer, ids, capacity),
    weightsView: new Float32Array(buffer, weights, capacity),
    bracketLogitsView: new Float32Array(buffer, bracketLogits, capacity),
    bracketWeightsView: new Float32Array(buffer, bracketWeights, capacity),
    results: new Float64Array(buffer, exports.resultsAddress(), 6),
  }
}

/** `length` rounded up to whole groups of lanes. */
export function padded(length: number): number {
  return Math.ceil(length / PAD) * PAD
}
