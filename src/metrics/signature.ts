import { VERSION } from '../version.js'

/**
 * What a score was computed with, in the style of sacreBLEU: `key:value|key:value|version:edt-tuner-0.1.0`.
 * Two numbers compare only when their signatures agree.
 */
export function formatSignature(parts: Record<string, string | number>): string {
  let text = ''
  for (const key in parts) text += `${key}:${parts[key]}|`
  return `${text}version:edt-tuner-${VERSION}`
}

/** A count that all entries share, or `var`, as sacreBLEU writes it. @param counts at least one */
export function sharedCount(counts: Iterable<number>): number | 'var' {
  const different = new Set(counts)
  return different.size === 1 ? [...different][0] : 'var'
}
