import type { Database } from './database.js'

/** The samples of one prompt, by cell of the grid and in the order in which they were drawn. */
export interface PromptSamples {
  promptId: string
  cells: { texts: string[]; quality: number[] }[]
}

/** See {@link Store.samples}. One prompt after the other, in the order of their keys: memory does not grow with the run. */
export async function* readSamples(database: Database, promptIds: ReadonlySet<string>): AsyncGenerator<PromptSamples> {
  let current: PromptSamples | undefined
  const rows = database.jsonRows('SELECT prompt, cell, text, quality FROM samples ORDER BY prompt, cell, sample')
  for await (const row of rows) {
    const [promptId, cell, text, quality] = row as [string, number, string, number]
    if (!promptIds.has(promptId)) continue
    if (current?.promptId !== promptId) {
      if (current !== undefined) yield current
      current = { promptId, cells: [] }
    }
    current.cells[cell] ??= { texts: [], quality: [] }
    current.cells[cell].texts.push(text)
    current.cells[cell].quality.push(quality)
  }
  if (current !== undefined) yield current
}
