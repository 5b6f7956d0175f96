/**
 * Pearson's goodness-of-fit test. Outcomes expected fewer than 5 times are pooled, as the test demands.
 *
 * @param observed how often each outcome was drawn
 * @param probabilities of the outcomes, summing to 1
 * @returns the statistic and the value that a fair draw exceeds with probability 3e-5 (Wilson–Hilferty at z = 4)
 */
export function chiSquare(observed: number[], probabilities: number[]): { statistic: number; critical: number } {
  const draws = observed.reduce((a, b) => a + b, 0)
  let statistic = 0
  let bins = 0
  let pooledObserved = 0
  let pooledExpected = 0
  const add = (seen: number, expected: number) => {
    statistic += (seen - expected) ** 2 / expected
    bins++
  }
  probabilities.forEach((probability, i) => {
    const expected = probability * draws
    if (expected >= 5) add(observed[i], expected)
    else {
      pooledObserved += observed[i]
      pooledExpected += expected
    }
  })
  if (pooledExpected > 0) add(pooledObserved, pooledExpected)
  const freedom = Math.max(1, bins - 1)
  const spread = 2 / (9 * freedom)
  return { statistic, critical: freedom * (1 - spread + 4 * Math.sqrt(spread)) ** 3 }
}
