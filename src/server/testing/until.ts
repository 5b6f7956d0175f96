/** Waits until something holds. @throws after five seconds, so that a test fails at the place that waits */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`It did not come true within five seconds: ${holds}`)
}
