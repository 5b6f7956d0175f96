import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { DataFileError, describeValue, InvalidOptionError } from '../errors.js'
import { packageRoot } from '../package-root.js'
import { readDefinition } from './definition.js'
import { TaskNotFoundError } from './errors.js'
import { readJsonl } from './jsonl.js'
import { placeholders, renderTemplate } from './template.js'
import type { Example, SplitName, Task, TaskDefinition } from './types.js'

export const SPLIT_NAMES: readonly SplitName[] = ['train', 'validation', 'test']

/** Names of the tasks that come with the package, sorted. */
export function embeddedTaskNames(): string[] {
  const folder = embeddedFolder()
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'task.json')))
    .sort()
}

/**
 * Opens a task: a folder with `task.json` and `train.jsonl`, `validation.jsonl`, `test.jsonl`, or the name of an embedded
 * task. An embedded name wins over a folder of that name; write `./answer` for the folder.
 *
 * A row is `{"id", "source", "references", …}`. The template may ask for any further text field, such as `question`.
 *
 * @throws {TaskNotFoundError} when there is no such task; {DataFileError} for a bad `task.json`
 * @example
 * const task = await openTask('answer')
 * const examples = await task.examples('train', 100)
 */
export async function openTask(pathOrName: string): Promise<Task> {
  const embedded = embeddedTaskNames()
  const path = embedded.includes(pathOrName) ? join(embeddedFolder(), pathOrName) : resolve(pathOrName)
  if (!existsSync(join(path, 'task.json'))) throw new TaskNotFoundError(pathOrName, path, embedded)
  const definition = await readDefinition(path)
  return { definition, path, examples: (split, limit) => readExamples(path, definition, split, limit) }
}

const rowSchema = z.looseObject({
  id: z.string().min(1),
  source: z.string(),
  question: z.string().optional(),
  references: z.array(z.string()).min(1),
})

async function readExamples(
  path: string,
  definition: TaskDefinition,
  split: SplitName,
  limit = Number.POSITIVE_INFINITY,
): Promise<Example[]> {
  if (!SPLIT_NAMES.includes(split)) throw new InvalidOptionError('split', `one of ${SPLIT_NAMES.join(', ')}`, split)
  if (limit !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(limit) && limit >= 1)) {
    throw new InvalidOptionError('limit', 'a whole number of at least 1', limit)
  }
  const file = join(path, `${split}.jsonl`)
  const examples: Example[] = []
  for await (const { line, value } of readJsonl(file, rowSchema, { unique: 'id' })) {
    const fields = templateFields(file, line, value, definition.template)
    examples.push({
      id: value.id,
      prompt: renderTemplate(definition.template, fields),
      promptWithoutSource: renderTemplate(definition.template, new Map(fields).set('source', '')),
      references: value.references,
    })
    if (examples.length === limit) break
  }
  return examples
}

/** The row's texts that the template asks for. */
function templateFields(
  file: string,
  line: number,
  row: Record<string, unknown>,
  template: string,
): Map<string, string> {
  const fields = new Map<string, string>()
  for (const name of placeholders(template)) {
    const text = Object.hasOwn(row, name) ? row[name] : undefined
    if (typeof text !== 'string') {
      const problem = `expected text, because the template of task.json asks for {${name}}, but it is ${describeValue(text)}.`
      throw new DataFileError(file, line, name, problem)
    }
    fields.set(name, text)
  }
  return fields
}

function embeddedFolder(): string {
  return join(packageRoot(), 'data', 'tasks')
}
