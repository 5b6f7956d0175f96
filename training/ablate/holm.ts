/**
 * Holm's step-down correction: the chance of even one false discovery among all of them stays below the level at which the corrected
 * values are read. The i-th smallest of m p-values is multiplied by m − i + 1, and none may be below one before it.
 *
 * @param p p-values, 0–1
 * @returns corrected p-values in the same order, each at least its own and at most 1
 * @see S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6 (1979)
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b])
  const corrected = new Array<number>(p.length)
  let highest = 0
  for (const [rank, i] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p[i] * (p.length - rank)))
    corrected[i] = highest
  }
  return corrected
}
