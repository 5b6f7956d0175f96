import { InvalidOptionError } from '../../src/errors.js'
import type { SplitName, Task } from '../../src/tasks/index.js'
import { type PlannedPrompt, promptKey, type RunSettings } from '../store/index.js'
import type { RolloutJob } from '../types.js'
import { cellStrategy, gridCells } from './grid.js'

/** A tuner learns from the first two; the test split is collected for studies alone, when it is asked for. */
const SPLITS: readonly SplitName[] = ['train', 'validation', 'test']

/**
 * The prompts of all tasks and splits, evenly mixed: a run that is stopped early has its share of each, and the time left
 * can be told from the time taken. Prompts of a split are in the order of their file.
 * @param limits most prompts a task; 0 leaves a split out, and the test split is left out unless it has a limit. A task without a
 *   validation file has no validation prompts.
 * @throws {InvalidOptionError} for two tasks of one name or no prompts at all; {DataFileError} for a bad row
 */
export async function planPrompts(
  tasks: readonly Task[],
  limits: Partial<Record<SplitName, number>>,
): Promise<PlannedPrompt[]> {
  const names = tasks.map((task) => task.definition.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new InvalidOptionError('tasks', 'tasks of different names', names)
  const placed: { prompt: PlannedPrompt; place: number }[] = []
  for (const task of tasks) {
    for (const split of SPLITS) {
      const prompts = await promptsOf(task, split, split === 'test' ? (limits.test ?? 0) : limits[split])
      placed.push(...prompts.map((prompt, i) => ({ prompt, place: (i + 0.5) / prompts.length })))
    }
  }
  if (placed.length === 0) throw new InvalidOptionError('tasks', 'tasks with at least one prompt', names)
  return placed.sort((a, b) => a.place - b.place).map(({ prompt }) => prompt)
}

async function promptsOf(task: Task, split: SplitName, limit?: number): Promise<PlannedPrompt[]> {
  const absent = split === 'validation' && limit === undefined && !task.hasSplit(split)
  if (limit === 0 || absent) return []
  const { name } = task.definition
  return (await task.examples(split, limit)).map(({ id, prompt, references }) => ({
    promptId: promptKey(name, split, id),
    task: name,
    split,
    id,
    prompt,
    references,
  }))
}

/** A job with all cells of the grid for each prompt, made when it is asked for. */
export function* gridJobs(settings: RunSettings, prompts: readonly PlannedPrompt[]): Generator<RolloutJob> {
  const { grid, truncation, samples, seed, selfBleuGroup } = settings
  const rollouts = gridCells(grid).map((cell) => ({ strategy: cellStrategy(cell), truncation, samples }))
  const tasks = new Map(settings.tasks.map((task) => [task.name, task]))
  for (const { promptId, prompt, references, task, split, id } of prompts) {
    const { metric, tokenize, maxNewTokens, stop, chat } = tasks.get(task)!
    const judged = { references, metric, tokenize, selfBleuGroup }
    const streamKeys = [task, split, id]
    yield {
      ...{ promptId, prompt, maxNewTokens, stop, ...judged, rollouts, seed, streamKeys, wantFeatures: true },
      ...(chat ? { chat } : {}),
    }
  }
}
