import type { LanguageModel } from '../../lm/index.js'
import type { GenerateOptions, GenerateResult } from '../../runtime/index.js'
import { openTask, type TaskDefinition, type TaskOptions } from '../../tasks/index.js'
import { defineCommand } from '../command.js'
import { describeModel, modelFlags, threadsFlag, truncationFlags } from '../common-flags.js'
import { UsageError } from '../errors.js'
import { describeTuner, openTuner } from '../find-tuner.js'
import { type Flags, integer, type Settings, text, texts, toggle } from '../flags.js'
import { significant } from '../format.js'
import { describeChoice, printSamples, printTrace, streamTo } from '../generate-view.js'
import { asMessages, type PromptInput, readPrompts } from '../input.js'
import type { Output } from '../output.js'
import { printProfile, profileFlag } from '../profile-view.js'
import { strategyFlags, temperatureChoice } from '../strategy-flags.js'
import { readTemplate } from '../task-flags.js'
import { renderTaskPrompt } from '../task-prompt.js'

const flags = {
  file: text('JSONL file with a prompt a line: {"prompt"} or {"id", "prompt"}; - is standard input'),
  task: text("Put the prompt into this task's template; its stop strings and length hold"),
  question: text('The question about the prompt, for a task that asks one'),
  samples: integer('Answers to draw for each prompt', { min: 1, default: 1 }),
  seed: integer('Same seed, same answers', { min: 0, defaultDescription: 'a random one, told' }),
  maxNewTokens: integer('Most tokens of an answer', {
    min: 1,
    defaultDescription: "the task's or the tuner's, else 128",
  }),
  maxSourceChars: integer('With --task: cut a longer prompt at the end of a sentence, as in training', {
    min: 1,
    defaultDescription: 'no limit',
  }),
  stop: texts('Text that ends an answer; may repeat', { defaultDescription: "the task's or the model's own" }),
  template: text('For --task generic: text file with the prompt, as in training'),
  sourceField: text('For --task generic: as in training'),
  truncate: toggle('Drop the beginning of a prompt that is too long'),
  chat: toggle("The prompt is a user's message; use the model's chat template"),
  system: text('System message, with --chat'),
  promptWithoutSource: text('The prompt without its source, for the rule kld', { defaultDescription: 'by the task' }),
  ...strategyFlags,
  ...truncationFlags,
  ...modelFlags,
  ...threadsFlag,
  trace: toggle('A table of every token: entropy, temperature, probability, rank, nucleus size', { group: 'Output:' }),
  ...profileFlag,
} satisfies Flags

export const generateCommand = defineCommand({
  command: 'generate [prompt]',
  describe: 'Answer a prompt; the tuner sets T0 and theta for it',
  positionals: { prompt: { describe: 'The prompt; - or nothing reads it from standard input' } },
  flags,
  examples: [
    ['edt generate --task translate-fr "This package contains the documentation."', 'With the tuner that ships'],
    ['edt generate --file prompts.jsonl --t0 0.6 --theta 0.1 --json', 'Many prompts, values set by hand'],
  ],
  async run({ settings, positionals, output, signal }) {
    const choice = temperatureChoice(settings)
    const task =
      settings.task === undefined ? undefined : (await openTask(settings.task, await openOptions(settings))).definition
    checkPromptFlags(settings)
    const prompts = await readPrompts(positionals.prompt, settings.file)
    const { loadModel, newDecodeProfile } = await import('../../lm/index.js')
    const { model: asked, dtype, device, threads } = settings
    const model = await loadModel(asked, { dtype, device, threads })
    try {
      const tuner = 'strategy' in choice ? undefined : await openTuner(choice.tuner, model, asked)
      output.say(describeModel(model, asked) + (tuner === undefined ? '' : `, tuner ${describeTuner(tuner)}`))
      const temperature = 'strategy' in choice ? choice : { tuner, t0: choice.t0, theta: choice.theta, ...choice.asked }
      const results: (PromptInput & Omit<GenerateResult, 'features' | 'tokenIds' | 'stopReason' | 'trace'>)[] = []
      const profile = settings.profile ? newDecodeProfile() : undefined
      for (const input of prompts) {
        if (prompts.length > 1)
          output.print(output.colors.bold(`${results.length > 0 ? '\n' : ''}# ${input.id ?? results.length + 1}`))
        // Hundreds of numbers that only the tuner reads, and what stands in the first of the samples.
        const {
          features: _,
          tokenIds: _1,
          stopReason: _2,
          trace: _3,
          ...result
        } = await answer(model, input, task, settings, { ...temperature, signal, profile }, output)
        results.push({ ...input, ...result })
      }
      if (profile !== undefined) printProfile(profile, output)
      const { id, dtype, device } = model
      output.document({ model: { id, dtype, device }, tuner: tuner?.metadata.tunerName, results, profile })
    } finally {
      await model.dispose()
    }
  },
})

/** Generates for one prompt and prints the answer: as it comes on a terminal, whole elsewhere. */
async function answer(
  model: LanguageModel,
  input: PromptInput,
  task: TaskDefinition | undefined,
  settings: Settings<typeof flags>,
  temperature: GenerateOptions,
  output: Output,
): Promise<GenerateResult> {
  const { generate } = await import('../../runtime/index.js')
  const { samples, seed, truncate, topP, topK, topNSigma, minP, trace, system } = settings
  const chat = settings.chat || (task?.chat ?? false)
  const rendered = task === undefined ? input : renderTaskPrompt(task, { question: settings.question, ...input })
  const stream = output.interactive && samples === 1 ? streamTo(output) : undefined
  const started = performance.now()
  const result = await generate(model, chat ? asMessages(rendered.prompt, system) : rendered.prompt, {
    ...temperature,
    ...{ samples, seed, truncate, topP, topK, topNSigma, minP, trace },
    promptWithoutSource: settings.promptWithoutSource ?? rendered.promptWithoutSource,
    maxNewTokens: settings.maxNewTokens ?? task?.maxNewTokens,
    stop: settings.stop ?? task?.stop,
    onToken: stream?.onToken,
  })
  const seconds = (performance.now() - started) / 1000
  if (stream === undefined) printSamples(result, output)
  else stream.end(result.text)
  if (trace) printTrace(result, output)
  const speed = `${result.newTokens} tokens, ${significant(result.newTokens / seconds, 2)} tokens/s`
  output.say(output.messageColors.dim(`${describeChoice(result)} · seed ${result.seed} · ${speed}`))
  return result
}

/** Of a generic task only the template counts here, so that its fields need no names. */
async function openOptions({
  chat,
  maxSourceChars,
  template,
  sourceField,
}: Settings<typeof flags>): Promise<TaskOptions> {
  return {
    ...{ chat: chat || undefined, maxSourceChars, promptField: 'prompt', referenceField: 'reference' },
    sourceField: sourceField ?? (template === undefined ? undefined : 'source'),
    template: template === undefined ? undefined : await readTemplate(template),
  }
}

/** @throws {UsageError} for flags that need another one */
function checkPromptFlags({ chat, system, task, question }: Settings<typeof flags>): void {
  if (system !== undefined && !chat) throw new UsageError('--system is a message of a chat; give --chat too.')
  if (question !== undefined && task === undefined)
    throw new UsageError('--question fills the template of a task; give --task too.')
}
