import type { CostEstimate } from '../../training/collect/index.js'
import { bytes, count, duration, significant } from './format.js'
import type { Output } from './output.js'

/** What a run will cost, in two lines. */
export function describeCost({ total, left, cells, samplesPerCell, samples, ...cost }: CostEstimate): string {
  if (left === 0) return `Nothing to collect: all ${count(total, 'prompt')} are done.`
  const done = total - left
  const rest = done === 0 ? '' : ` (${done.toLocaleString('en-US')} of ${count(total, 'prompt')} are done)`
  const plan = `${count(left, 'prompt')} × ${count(cells, 'cell')} × ${count(samplesPerCell, 'sample')} = ${count(samples, 'sample')}${rest}`
  const { rate, seconds, bytes: disk, freeBytes } = cost
  if (rate === undefined || seconds === undefined || disk === undefined) {
    return `To collect: ${plan}\nNo time is known: it depends on the workers of the queue.`
  }
  const measured = rate.source === 'probe' ? 'measured just now' : 'as an earlier session of this run did'
  const speed = `${significant(rate.samplesPerSecond, 3)} samples/s, ${measured} on ${count(rate.prompts, 'prompt')}`
  return `To collect: ${plan}\nAbout ${duration(seconds)} (${speed}) and ${bytes(significantBytes(disk))} of disk (${bytes(freeBytes)} are free)`
}

/** What the user should know before it is too late; undefined when there is nothing. */
export function costWarning({ bytes: disk = 0, freeBytes }: CostEstimate): string | undefined {
  if (2 * disk < freeBytes) return undefined
  return `the disk may run full: about ${bytes(significantBytes(disk))} are needed and ${bytes(freeBytes)} are free. What is collected until then is kept.`
}

export function printCost(estimate: CostEstimate, output: Output): void {
  output.say(describeCost(estimate))
  const warning = costWarning(estimate)
  if (warning !== undefined) output.warn(warning)
}

/** An estimate has no more than two digits to trust. */
function significantBytes(size: number): number {
  return Number(size.toPrecision(2))
}
