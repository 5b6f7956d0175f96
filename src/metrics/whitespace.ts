/**
 * White space as Python's str.split, strip and rstrip see it. JavaScript's `\s` differs: it lacks U+001C–U+001F and
 * U+0085 and has U+FEFF. The metrics follow Python, because the reference implementations do.
 */
const SPACE = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

const WORDS = new RegExp(`[^${SPACE}]+`, 'g')
const VISIBLE_CODE_POINTS = new RegExp(`[^${SPACE}]`, 'gu')
const IS_SPACE = new RegExp(`[${SPACE}]`)

/** Runs of anything but white space. */
export function splitWords(text: string): string[] {
  return text.match(WORDS) ?? []
}

/** Single code points, white space left out. */
export function splitCodePoints(text: string): string[] {
  return text.match(VISIBLE_CODE_POINTS) ?? []
}

/** Text without the white space at its end. */
export function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && IS_SPACE.test(text[end - 1])) end--
  return end === text.length ? text : text.slice(0, end)
}

/** Text without the white space at its start. */
export function trimStart(text: string): string {
  let start = 0
  while (start < text.length && IS_SPACE.test(text[start])) start++
  return start === 0 ? text : text.slice(start)
}
