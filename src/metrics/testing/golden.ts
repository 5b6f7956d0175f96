// biome-ignore lint/style/noRestrictedImports: the metrics read no files, but their tests read the golden numbers.
import { readFileSync } from 'node:fs'

/** Cases of one golden file; `../fixtures/README.md` says where they come from. */
export function goldenCases<Case>(name: string): Case[] {
  const path = new URL(`../fixtures/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(path, 'utf8')).cases
}

/** How far a number may be from the reference's. */
export const TOLERANCE = 1e-9

/** Largest absolute difference of two equally long lists; NaN counts as infinitely far. */
export function largestDifference(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY
  const differences = found.map((value, i) => Math.abs(value - expected[i]))
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...differences)
}
