/**
 * Runs each way in turn, `rounds` times, so that a machine that grows busy slows all of them alike; every other round backwards.
 * @returns the result of each way, in the order of `ways`: an array over rounds
 */
export async function alternate<T>(rounds: number, ways: readonly ((round: number) => Promise<T>)[]): Promise<T[][]> {
  const results: T[][] = ways.map(() => [])
  for (let round = 0; round < rounds; round++) {
    const order = [...ways.keys()]
    if (round % 2 === 1) order.reverse()
    for (const i of order) results[i].push(await ways[i](round))
  }
  return results
}

export function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b)
  const middle = ascending.length >> 1
  return ascending.length % 2 === 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2
}

/** A 95 % interval of the median, without assumptions: order statistics of the sign test (normal approximation). */
export function medianInterval(values: readonly number[]): [low: number, high: number] {
  const ascending = [...values].sort((a, b) => a - b)
  const half = 0.98 * Math.sqrt(ascending.length)
  const at = (place: number) => ascending[Math.min(ascending.length - 1, Math.max(0, place))]
  const middle = (ascending.length - 1) / 2
  return [at(Math.floor(middle - half)), at(Math.ceil(middle + half))]
}

export interface Spent {
  /** Seconds of the processor, all threads of this process. */
  cpu: number
  /** Seconds of the clock. */
  wall: number
}

/**
 * Starts a watch. Figures are processor time: on an idle machine, one thread's processor time is the clock's, and on a busy
 * one it does not count what others did meanwhile.
 * @returns what was spent since
 */
export function watch(): () => Spent {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1000 }
  }
}
