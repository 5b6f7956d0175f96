import { EdtError } from '../errors.js'
import { readTextBounded } from '../files.js'
import { type TaskOptions, templateText } from '../tasks/index.js'
import { ConfigFileError } from './errors.js'
import { choice, decimals, type Flags, integer, type Settings, text, texts, toggle } from './flags.js'
import type { Output } from './output.js'

const group = 'Task:'

const MAX_TEMPLATE_BYTES = 2 ** 20

/** How prompts are built and answers are judged, where that is not the task's own choice. */
export const promptFlags = {
  chat: toggle("Put the prompts into the model's chat template, as a user's message", { group }),
  maxSourceChars: integer('Cut longer sources at the end of a sentence', {
    min: 1,
    group,
    defaultDescription: 'no limit',
  }),
  maxNewTokens: integer('Most tokens of an answer', { min: 1, group, defaultDescription: "the task's" }),
  stop: texts('Text that ends an answer; may repeat', { group, defaultDescription: "the task's" }),
} satisfies Flags

/** How the files of a data set are read. */
export const dataFlags = {
  metric: choice('Metric of quality', ['rougeL', 'bleu'], { group, defaultDescription: "the task's" }),
  tokenize: choice('Tokenizer of BLEU and Self-BLEU', ['13a', 'zh', 'char', 'intl', 'none'], {
    group,
    defaultDescription: "the task's",
  }),
  promptField: text('generic: field with the question or the whole prompt', { group }),
  referenceField: text('generic: field with the reference, a text or a list', { group }),
  sourceField: text('generic: field with the source (evidence)', { group }),
  idField: text("generic: field with the row's id", { group, defaultDescription: 'id, else a digest of the row' }),
  template: text('generic: text file with the prompt, {prompt}, {source} or any {field} in it', { group }),
  splitShares: decimals('Weights of train, validation and test, for files without splits', {
    min: 0,
    group,
    default: [60, 15, 25],
  }),
  skipBadRows: toggle('Tell of rows that cannot be read and go on without them', { group }),
} satisfies Flags

export const taskFlags = { ...promptFlags, ...dataFlags } satisfies Flags

/** Problems of a task that are told one by one; more are only counted by `edt data`. */
const PROBLEMS_TOLD = 5

/**
 * The settings as `openTask` takes them.
 * @param output is told of repeated ids and of bad rows that are skipped, each once
 * @throws {ConfigFileError} when the template cannot be read
 */
export async function taskOptions(settings: Settings<typeof taskFlags>, output?: Output): Promise<TaskOptions> {
  const { chat, template, ...rest } = settings
  const told = new Set<string>()
  const onProblem = ({ message }: Error) => {
    if (output === undefined || told.has(message) || told.size > PROBLEMS_TOLD) return
    told.add(message)
    output.say(told.size > PROBLEMS_TOLD ? 'There are more such rows; `edt data` lists them.' : message)
  }
  const { maxSourceChars, maxNewTokens, stop, metric, tokenize, splitShares, skipBadRows } = rest
  const { promptField, referenceField, sourceField, idField } = rest
  return {
    // Off means "as the task says": a task.json may ask for the chat template.
    chat: chat || undefined,
    ...{ maxSourceChars, maxNewTokens, stop, metric, tokenize, splitShares, skipBadRows, onProblem },
    ...{ promptField, referenceField, sourceField, idField },
    template: template === undefined ? undefined : await readTemplate(template),
  }
}

/** @throws {ConfigFileError} when it cannot be read */
export async function readTemplate(path: string): Promise<string> {
  try {
    return templateText(await readTextBounded(path, MAX_TEMPLATE_BYTES))
  } catch (error) {
    if (error instanceof EdtError) throw error
    throw new ConfigFileError(path, `the template cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}
