import { DATASET_NAMES, openTask, summarizeTask, type TaskDefinition } from '../../tasks/index.js'
import { defineCommand } from '../command.js'
import { modelFlags } from '../common-flags.js'
import { printData } from '../data-view.js'
import { UsageError } from '../errors.js'
import { type Flags, text, texts } from '../flags.js'
import { taskFlags, taskOptions } from '../task-flags.js'

const flags = {
  file: texts('File of the data set, a glob or an address; may repeat', { defaultDescription: 'those of the task' }),
  ...taskFlags,
  model: text('Language model: count tokens, and show prompts as it sees them', {
    group: 'Model:',
    defaultDescription: 'none',
  }),
  dtype: modelFlags.dtype,
} satisfies Flags

/** How often a long reading says that it goes on. */
const SAY_EVERY_MS = 5000

export const dataCommand = defineCommand({
  command: 'data <task>',
  describe: "Tell what a task's files hold: rows, splits, lengths, bad rows, and three prompts",
  positionals: {
    task: { describe: `A task as in --task, or a data set with --file: ${DATASET_NAMES.join(', ')}` },
  },
  flags,
  examples: [
    ['edt data xlsum --file articles.jsonl --chat --max-source-chars 1500', 'Before training on it'],
    [
      'edt data generic --file my.csv --prompt-field q --reference-field a --skip-bad-rows --json',
      'Data of your own; counts and lists bad rows',
    ],
  ],
  async run({ settings, positionals, output, signal }) {
    const task = await openTask(specOf(positionals.task!, settings.file), await taskOptions(settings))
    let last = performance.now()
    const onProgress = (rows: number) => {
      if (performance.now() - last < SAY_EVERY_MS) return
      last = performance.now()
      output.say(`${rows.toLocaleString('en-US')} rows read …`)
    }
    const reader = await openReader(settings.model, settings.dtype, task.definition)
    try {
      const summary = await summarizeTask(task, { ...reader?.options, onProgress, signal })
      printData(summary, output)
      output.document(summary)
    } finally {
      await reader?.close()
    }
  },
})

/** @throws {UsageError} for files beside a task that has its own */
function specOf(task: string, files: readonly string[] | undefined): string {
  if (files === undefined) return task
  if (!DATASET_NAMES.includes(task)) {
    throw new UsageError(`--file is for a data set (${DATASET_NAMES.join(', ')}), but the task is "${task}".`)
  }
  return `${task}:${files.join(',')}`
}

async function openReader(id: string | undefined, dtype: string | undefined, { chat = false }: TaskDefinition) {
  if (id === undefined) return undefined
  const { encodePrompt, loadModel } = await import('../../lm/index.js')
  const model = await loadModel(id, { dtype })
  const encode = (prompt: string) => encodePrompt(model, chat ? [{ role: 'user', content: prompt }] : prompt)
  return { options: { encode, contextLength: model.contextLength }, close: () => model.dispose() }
}
