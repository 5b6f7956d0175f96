import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { DataFileError, describeValue } from '../errors.js'
import { packageRoot } from '../package-root.js'
import { cutText } from './cut.js'
import { DATASET_NAMES, openDataset } from './dataset-task.js'
import { readDefinition } from './definition.js'
import { TaskNotFoundError } from './errors.js'
import { readJsonl } from './jsonl.js'
import { checkRequest, withOptions } from './options.js'
import { placeholders, renderTemplate } from './template.js'
import type { Example, SplitName, Task, TaskDefinition, TaskOptions } from './types.js'

/** Names of the tasks that come with the package, sorted. */
export function embeddedTaskNames(): string[] {
  const folder = embeddedFolder()
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'task.json')))
    .sort()
}

/**
 * Opens a task: a folder with `task.json` and `train.jsonl`, `validation.jsonl`, `test.jsonl`; the name of an embedded task; or a data set with its
 * files, such as `xlsum:articles.jsonl` (see docs/tasks.md). These names win over a folder of that name; write `./answer` for the folder.
 *
 * A row of a folder is `{"id", "source", "references", …}`. The template may ask for any further text field, such as `question`.
 *
 * @throws {TaskNotFoundError} when there is no such task; {DataFileError} for a bad `task.json`; {InvalidOptionError} for a bad option
 * @example
 * const task = await openTask('xlsum:articles.jsonl', { chat: true, maxSourceChars: 1500 })
 * const examples = await task.examples('train', 100)
 */
export async function openTask(pathOrName: string, options: TaskOptions = {}): Promise<Task> {
  const dataset = openDataset(pathOrName, options)
  if (dataset !== undefined) return dataset
  const embedded = embeddedTaskNames()
  const path = embedded.includes(pathOrName) ? join(embeddedFolder(), pathOrName) : resolve(pathOrName)
  if (!existsSync(join(path, 'task.json'))) throw new TaskNotFoundError(pathOrName, path, embedded, DATASET_NAMES)
  const definition = withOptions(await readDefinition(path), options)
  return {
    definition,
    path,
    hasSplit: (split) => existsSync(join(path, `${split}.jsonl`)),
    examples: (split, limit) => readExamples(path, definition, split, limit),
  }
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
  checkRequest(split, limit)
  const file = join(path, `${split}.jsonl`)
  const examples: Example[] = []
  for await (const { line, value } of readJsonl(file, rowSchema, { unique: 'id' })) {
    const fields = templateFields(file, line, value, definition.template)
    const { maxSourceChars } = definition
    if (maxSourceChars !== undefined) fields.set('source', cutText(value.source, maxSourceChars))
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
