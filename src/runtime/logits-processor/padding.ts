/**
 * The prompts of a batch without the padding on their left. Some models pad with a token that prompts begin with, too; since
 * the longest prompt of a batch is not padded, as many of these as every row begins with are the prompts' own.
 *
 * @param rows token ids as `generate()` hands them over, all of one length
 * @param padTokenId undefined: nothing is padding
 */
export function withoutPadding(rows: readonly (readonly bigint[])[], padTokenId: number | undefined): number[][] {
  const ids = rows.map((row) => row.map(Number))
  if (padTokenId === undefined) return ids
  const leading = ids.map((row) => {
    const first = row.findIndex((id) => id !== padTokenId)
    return first < 0 ? row.length : first
  })
  const own = Math.min(...leading)
  return ids.map((row, i) => row.slice(leading[i] - own))
}
