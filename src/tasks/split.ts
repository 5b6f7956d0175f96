import { createHash } from 'node:crypto'
import { InvalidOptionError } from '../errors.js'
import type { SplitName } from './types.js'

export const SPLIT_NAMES: readonly SplitName[] = ['train', 'validation', 'test']

/** Weights of train, validation and test. */
export const DEFAULT_SHARES: readonly number[] = [60, 15, 25]

/**
 * The split of a document: the first 48 bits of its SHA-256, as a fraction, fall into one of three ranges. So the split depends on the text
 * alone, not on seed, order, file or data set: a document is in one split wherever it comes up.
 * @param shares three weights, not all zero
 */
export function splitOf(document: string, shares: readonly number[]): SplitName {
  const fraction = createHash('sha256').update(document).digest().readUIntBE(0, 6) / 2 ** 48
  const total = shares.reduce((sum, share) => sum + share, 0)
  let bound = 0
  // Sums may miss 1 by rounding: the last split takes what is left.
  const at = shares.findIndex((share) => {
    bound += share / total
    return share > 0 && fraction < bound
  })
  return SPLIT_NAMES[at < 0 ? shares.findLastIndex((share) => share > 0) : at]
}

/** @throws {InvalidOptionError} */
export function checkShares(shares: readonly number[]): void {
  const good = shares.length === 3 && shares.every((share) => share >= 0 && Number.isFinite(share))
  if (!good || shares.every((share) => share === 0)) {
    throw new InvalidOptionError('splitShares', 'three weights of at least 0 for train, validation and test', shares)
  }
}
