/**
 * Length of the longest common subsequence of two lists of numbers.
 * Time a.length · b.length, memory b.length.
 */
export function lcsLength(a: Int32Array, b: Int32Array): number {
  // row[j]: length for the part of a read so far and the first j of b.
  const row = new Int32Array(b.length + 1)
  for (let i = 0; i < a.length; i++) {
    let diagonal = 0
    for (let j = 0; j < b.length; j++) {
      const above = row[j + 1]
      if (a[i] === b[j]) row[j + 1] = diagonal + 1
      else if (row[j] > above) row[j + 1] = row[j]
      diagonal = above
    }
  }
  return row[b.length]
}
