/** The end of a sentence with the quotes and brackets that close it; Chinese and Japanese put no blank after it. */
const SENTENCE_END = /[.!?…]+["'”’)\]]*(?=\s|$)|[。！？]+[”’」』）]*/g

/**
 * The beginning of a text, at most `maxChars` UTF-16 units long: up to the last end of a sentence in its second half, else up to the
 * last word, else as it comes (never inside a character).
 * @param maxChars ≥ 1
 */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const start = text.slice(0, maxChars)
  const ends = Array.from(start.matchAll(SENTENCE_END), (match) => match.index + match[0].length)
  const sentence = ends.filter((end) => end < maxChars || /\s/.test(text[end])).at(-1)
  if (sentence !== undefined && sentence >= maxChars / 2) return start.slice(0, sentence)
  const word = /\s/.test(text[maxChars]) ? start : /^.*(?=\s)/su.exec(start)?.[0]
  if (word !== undefined && word.trim() !== '') return word.trimEnd()
  const insideCharacter = /[\ud800-\udbff]$/.test(start)
  return insideCharacter ? start.slice(0, -1) : start
}
