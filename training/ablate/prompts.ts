import { InvalidOptionError } from '../../src/errors.js'
import type { SplitName, Task } from '../../src/tasks/types.js'
import { promptKey } from '../store/index.js'
import type { AblationPrompt } from './types.js'

/**
 * The prompts of a split, task by task.
 * @param limit most prompts of each task, from the start of its file
 * @throws {InvalidOptionError} without tasks or when two have one name; {DataFileError} for a bad row
 */
export async function readPrompts(tasks: readonly Task[], split: SplitName, limit?: number): Promise<AblationPrompt[]> {
  const names = tasks.map((task) => task.definition.name)
  if (names.length === 0) throw new InvalidOptionError('tasks', 'at least one task', names)
  if (new Set(names).size < names.length) throw new InvalidOptionError('tasks', 'tasks of different names', names)
  const prompts: AblationPrompt[] = []
  for (const { definition, examples } of tasks) {
    for (const example of await examples(split, limit)) {
      prompts.push({ promptId: promptKey(definition.name, split, example.id), definition, example })
    }
  }
  return prompts
}

/** About `count` of the prompts, equally many of each task as far as it has them, from the start of each task. */
export function samplePrompts(prompts: readonly AblationPrompt[], count: number): AblationPrompt[] {
  const tasks = new Set(prompts.map(({ definition }) => definition.name))
  const each = Math.ceil(count / tasks.size)
  const taken = new Map<string, number>()
  return prompts.filter(({ definition: { name } }) => {
    const earlier = taken.get(name) ?? 0
    taken.set(name, earlier + 1)
    return earlier < each
  })
}
