/** Longer than anything takes on a machine that is busy with other tests. */
const LONGEST = 30_000

/** Waits until something holds. @throws after thirty seconds, so that a test fails at the place that waits */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const started = performance.now()
  while (performance.now() - started < LONGEST) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`It did not come true within thirty seconds: ${holds}`)
}
