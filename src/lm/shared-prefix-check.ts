import { AlignedBatch } from './aligned-batch.js'
import type { BatchModel, Lane } from './batch.js'
import { OrdinaryBatch } from './ordinary-batch.js'
import { prefill } from './prefill.js'
import { newDecodeProfile } from './profile.js'
import { SharedPrefixBatch } from './shared-prefix-batch.js'

/** Largest difference of a logit, relative to the largest logit, that still counts as the same arithmetic. */
const TOLERANCE = 0.02

/**
 * Runs two rows for two steps through the original graph and through the rewritten one.
 * @returns whether the logits agree; a graph with more to its mask than padding (a sliding window, say) would not
 */
export async function sharedPrefixAgrees(ordinary: BatchModel, shared: BatchModel): Promise<boolean> {
  const token = (i: number): number => (i * 7919 + 11) % ordinary.vocabularySize
  const prompt = await prefill(
    ordinary,
    Array.from({ length: 24 }, (_, i) => token(i)),
    32,
    { surprisals: false },
  )
  const lanes = (): Lane[] => [0, 1].map((i) => ({ token: token(i + 50), length: 0, position: 0 }))
  const profile = newDecodeProfile()
  const batches = [
    new (ordinary.padsRight ? AlignedBatch : OrdinaryBatch)(ordinary, profile),
    new SharedPrefixBatch(shared, prompt, profile),
  ]
  for (const batch of batches) batch.add(lanes(), [prompt, prompt])
  for (let step = 0; step < 2; step++) {
    const [expected, found] = [await batches[0].step(), await batches[1].step()]
    let largest = 1
    for (const value of expected) largest = Math.max(largest, Math.abs(value))
    // Written so that NaN counts as a difference.
    if (!found.every((value, i) => Math.abs(value - expected[i]) <= TOLERANCE * largest)) return false
  }
  return true
}
