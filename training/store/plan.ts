import { isDeepStrictEqual } from 'node:util'
import { LIST, VARCHAR } from '@duckdb/node-api'
import type { SplitName } from '../../src/tasks/types.js'
import type { Database } from './database.js'
import { StoreContentError } from './errors.js'

/** A prompt that a run is to collect. */
export interface PlannedPrompt {
  /** Key of the prompt in the run, see `promptKey`. */
  promptId: string
  task: string
  split: SplitName
  /** The example's id, unique within its split. */
  id: string
  /** The rendered prompt. */
  prompt: string
  references: string[]
}

/** Key of a prompt within a run: `task/split/id`. */
export function promptKey(task: string, split: SplitName, id: string): string {
  return `${task}/${split}/${id}`
}

/** All prompts planned so far, by key. */
export async function readPlan(database: Database): Promise<Map<string, PlannedPrompt>> {
  const rows = await database.rows<PlannedPrompt>(
    `SELECT prompt AS "promptId", task, split, id, text AS prompt, reference_texts AS "references"
     FROM prompts ORDER BY task, split, id`,
  )
  return new Map(rows.map((row) => [row.promptId, row]))
}

/** Keys of the prompts with nothing left to do: collected ones and skipped ones. */
export async function readOutcomes(database: Database): Promise<{ finished: Set<string>; skipped: Set<string> }> {
  const rows = await database.rows<{ prompt: string; skipped: string | null }>('SELECT prompt, skipped FROM outcomes')
  return {
    finished: new Set(rows.filter((row) => row.skipped === null).map((row) => row.prompt)),
    skipped: new Set(rows.filter((row) => row.skipped !== null).map((row) => row.prompt)),
  }
}

/**
 * Those of the prompts that are new.
 * @throws {StoreContentError} when a key occurs twice, or a planned prompt has another text or other references now
 */
export function newPrompts(
  path: string,
  planned: ReadonlyMap<string, PlannedPrompt>,
  prompts: readonly PlannedPrompt[],
): PlannedPrompt[] {
  const fresh = new Map<string, PlannedPrompt>()
  for (const prompt of prompts) {
    if (fresh.has(prompt.promptId)) {
      throw new StoreContentError(path, prompt.promptId, 'it is planned twice; ids must be unique within a split.')
    }
    const stored = planned.get(prompt.promptId)
    if (stored === undefined) fresh.set(prompt.promptId, prompt)
    else if (!isDeepStrictEqual(stored, { ...prompt })) {
      const field = stored.prompt === prompt.prompt ? 'references' : 'text'
      throw new StoreContentError(
        path,
        prompt.promptId,
        `its ${field} changed since it was planned; restore the task's file, or choose a new path.`,
      )
    }
  }
  return [...fresh.values()]
}

/** Appends planned prompts; to be called in a transaction. */
export async function appendPrompts(database: Database, prompts: readonly PlannedPrompt[]): Promise<void> {
  await database.append('prompts', (appender) => {
    for (const { promptId, task, split, id, prompt, references } of prompts) {
      for (const text of [promptId, task, split, id, prompt]) appender.appendVarchar(text)
      appender.appendList(references, LIST(VARCHAR))
      appender.endRow()
    }
  })
}
