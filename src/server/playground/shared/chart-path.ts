/** A number on each side of a plot's scale, and where it lies in the picture. */
export interface LinearScale {
  (value: number): number
  /** Round numbers to write beside the axis. */
  ticks: number[]
}

/** From 0 to at least `most` and on to the next round number, onto `from` … `to`. */
export function scaleFromZero(most: number, from: number, to: number): LinearScale {
  const step = roundStep(Math.max(most, 1e-3) / 3)
  const count = Math.max(1, Math.ceil(most / step - 1e-9))
  const end = count * step
  const scale = (value: number) => from + (value / end) * (to - from)
  return Object.assign(scale, { ticks: Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6))) })
}

/** 1, 2 or 5 times a power of ten, at least `value`. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 2, 5].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10)
}

/** A line of steps through values, each as wide as its token, as the `d` of an SVG path. */
export function stepPath(
  values: readonly number[],
  x: (position: number) => number,
  y: (value: number) => number,
): string {
  const short = (value: number) => Number(value.toFixed(2))
  return values.map((value, i) => `${i === 0 ? 'M' : 'L'}${short(x(i))} ${short(y(value))}H${short(x(i + 1))}`).join('')
}
