import type { Interval } from '../ablate/bootstrap.js'
import type { ShareOfHeadroom } from '../ablate/headroom.js'
import type { Estimate } from '../ablate/types.js'

/** `12.3`, with a real minus sign. */
export function decimal(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

/** `+1.2`, `−1.2`, `0.0`. */
export function signed(value: number, digits = 1): string {
  const text = decimal(value, digits)
  return value > 0 && Number(text) !== 0 ? `+${text}` : text
}

/** `[36.1, 38.4]`. */
export function interval([from, to]: Interval, format: (value: number) => string = decimal): string {
  return `[${format(from)}, ${format(to)}]`
}

/** `37.2 [36.1, 38.4]`. */
export function estimate({ value, interval: range }: Estimate): string {
  return `${decimal(value)} ${interval(range)}`
}

/** `0.034`, `< 0.001`. */
export function pValue(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}

/** `p = 0.034`, `p < 0.001`. */
export function pEquals(p: number): string {
  return p < 0.001 ? `p ${pValue(p)}` : `p = ${pValue(p)}`
}

/** `54 %`, of a fraction of 1. */
export function percent(share: number): string {
  return `${decimal(100 * share, 0)} %`
}

/** `31 % to 77 %`; an open end is said in words. */
export function shareInterval([from, to]: readonly [number | null, number | null]): string {
  if (from === null && to === null) return 'not bounded'
  if (to === null) return `${percent(from!)} or more`
  if (from === null) return `${percent(to)} or less`
  return `${percent(from)} to ${percent(to)}`
}

/** The interval of a share; where the headroom itself may be zero, the share has no bounds, whatever a resample gives. */
export function shareBounds({
  interval: range,
  headroomInterval,
}: Pick<ShareOfHeadroom, 'interval' | 'headroomInterval'>) {
  return headroomInterval[0] <= 0 ? 'not bounded' : shareInterval(range)
}

/** `1,500`. */
export function integer(value: number): string {
  return value.toLocaleString('en-US')
}

/** A count with its noun: `1 prompt`, `1,500 prompts`. */
export function count(value: number, noun: string): string {
  return `${integer(value)} ${noun}${value === 1 ? '' : 's'}`
}
