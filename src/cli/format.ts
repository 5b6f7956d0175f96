import Table from 'cli-table3'

/** `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`
}

/** `12.4 prompts/s`, or `5.2 s/prompt` where that reads better. */
export function rate(perSecond: number, unit: string): string {
  if (perSecond < 0.95) return `${significant(1 / perSecond, 2)} s/${unit.replace(/s$/, '')}`
  return `${significant(perSecond, perSecond < 100 ? 3 : 4)} ${unit}/s`
}

/** At most `digits` significant digits, no exponent, no trailing zeros: `0.8`, `12.4`, `1,240`. */
export function significant(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: digits })
}

/** A count with its noun: `1 prompt`, `1,200 prompts`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}

/** `6.5 MB` of bytes. */
export function bytes(size: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const step = size < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3))
  return `${significant(size / 1000 ** step, 3)} ${units[step]}`
}

export type Alignment = 'left' | 'right'

/** A borderless table; cells may hold colours and wide characters. Columns stand left unless told otherwise. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Alignment[] = [],
): string {
  const nothing = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
  }
  const inside = { left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' }
  const out = new Table({
    head: [...head],
    chars: { ...nothing, ...inside },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colAligns: head.map((_, column) => align[column] ?? 'left'),
  })
  out.push(...rows.map((row) => [...row]))
  return out
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Name and value in two columns, `indent` blanks before each line. */
export function facts(pairs: readonly (readonly [name: string, value: string])[], indent = 2): string {
  const width = Math.max(...pairs.map(([name]) => name.length))
  const margin = ' '.repeat(indent)
  return pairs.map(([name, value]) => `${margin}${name.padEnd(width)}  ${value}`).join('\n')
}
