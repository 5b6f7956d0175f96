import { closestMatch } from 'leven'

/** The candidate that a mistyped word most likely meant, or undefined when none is within a third of its letters (at most three). */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  return closestMatch(word, candidates, { maxDistance: Math.min(3, Math.ceil(word.length / 3)) })
}

/** ` Did you mean "--samples"?` with its leading blank, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[], prefix = ''): string {
  const match = nearest(word, candidates)
  return match === undefined ? '' : ` Did you mean "${prefix}${match}"?`
}
