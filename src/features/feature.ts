/** One named number; a group of features is a list of these in a fixed order. */
export interface Feature {
  /** `group.name`, e.g. `prompt.first_entropy`. */
  name: string
  value: number
}

/** Mean of the values, 0 for none. */
export function mean(values: ArrayLike<number>, from = 0, to = values.length): number {
  if (to <= from) return 0
  let sum = 0
  for (let i = from; i < to; i++) sum += values[i]
  return sum / (to - from)
}

/** The value below which a share `q` of the ascending values lies, 0 for none. */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  if (ascending.length === 0) return 0
  const at = q * (ascending.length - 1)
  const low = Math.floor(at)
  const high = Math.min(low + 1, ascending.length - 1)
  return ascending[low] + (ascending[high] - ascending[low]) * (at - low)
}
