import type { LanguageModel } from '../../lm/index.js'
import type { GenerateOptions, GenerateResult } from '../../runtime/index.js'
import { defineCommand } from '../command.js'
import { describeModel, modelFlags, threadsFlag, truncationFlags } from '../common-flags.js'
import { findTuner } from '../find-tuner.js'
import { type Flags, integer, type Settings, text, texts, toggle } from '../flags.js'
import { significant } from '../format.js'
import { describeChoice, printSamples, printTrace, streamTo } from '../generate-view.js'
import { asMessages, type PromptInput, readPrompts } from '../input.js'
import type { Output } from '../output.js'
import { strategyFlags, temperatureChoice } from '../strategy-flags.js'

const flags = {
  file: text('JSONL file with a prompt a line: {"prompt"} or {"id", "prompt"}; - is standard input'),
  samples: integer('Answers to draw for each prompt', { min: 1, default: 1 }),
  seed: integer('Same seed, same answers', { min: 0, defaultDescription: 'a random one, told' }),
  maxNewTokens: integer('Most tokens of an answer', { min: 1, defaultDescription: "the tuner's, else 128" }),
  stop: texts('Text that ends an answer; may repeat', { defaultDescription: "the model's own" }),
  truncate: toggle('Drop the beginning of a prompt that is too long'),
  chat: toggle("The prompt is a user's message; use the model's chat template"),
  system: text('System message, with --chat'),
  promptWithoutSource: text('The prompt without its source, for the rule kld'),
  trace: toggle('A table of every token: entropy, temperature, probability, rank, nucleus size', { group: 'Output:' }),
  ...strategyFlags,
  ...truncationFlags,
  ...modelFlags,
  ...threadsFlag,
} satisfies Flags

export const generateCommand = defineCommand({
  command: 'generate [prompt]',
  describe: 'Answer a prompt; the tuner sets T0 and theta for it',
  positionals: { prompt: { describe: 'The prompt; - or nothing reads it from standard input' } },
  flags,
  examples: [
    ["$0 generate $'Describe hello: example package based on GNU hello\\nDescription:'", 'with the shipped tuner'],
    ['$0 generate --file prompts.jsonl --t0 0.6 --theta 0.1 --json', 'EDT with values set by hand, for many prompts'],
  ],
  async run({ settings, positionals, output, signal }) {
    const choice = temperatureChoice(settings)
    const prompts = await readPrompts(positionals.prompt, settings.file)
    const [{ loadModel }, { loadTuner }] = await Promise.all([
      import('../../lm/index.js'),
      import('../../tuner/index.js'),
    ])
    const { model: asked, dtype, device, threads } = settings
    const model = await loadModel(asked, { dtype, device, threads })
    try {
      const tuner = 'strategy' in choice ? undefined : await loadTuner(await findTuner(choice.tuner, model.id))
      output.say(describeModel(model, asked) + (tuner === undefined ? '' : `, tuner ${tuner.metadata.tunerName}`))
      const temperature = 'strategy' in choice ? choice : { tuner, t0: choice.t0, theta: choice.theta }
      const results: (PromptInput & GenerateResult)[] = []
      for (const input of prompts) {
        if (prompts.length > 1)
          output.print(output.colors.bold(`${results.length > 0 ? '\n' : ''}# ${input.id ?? results.length + 1}`))
        const result = await answer(model, input, settings, { ...temperature, signal }, output)
        results.push({ ...input, ...result })
      }
      const { id, dtype, device } = model
      output.document({ model: { id, dtype, device }, tuner: tuner?.metadata.tunerName, results })
    } finally {
      await model.dispose()
    }
  },
})

/** Generates for one prompt and prints the answer: as it comes on a terminal, whole elsewhere. */
async function answer(
  model: LanguageModel,
  { prompt }: PromptInput,
  settings: Settings<typeof flags>,
  temperature: GenerateOptions,
  output: Output,
): Promise<GenerateResult> {
  const { generate } = await import('../../runtime/index.js')
  const { samples, seed, maxNewTokens, stop, truncate, promptWithoutSource, topP, topK, minP, trace, chat, system } =
    settings
  const stream = output.interactive && samples === 1 ? streamTo(output) : undefined
  const started = performance.now()
  const result = await generate(model, chat ? asMessages(prompt, system) : prompt, {
    ...temperature,
    ...{ samples, seed, maxNewTokens, stop, truncate, promptWithoutSource, topP, topK, minP, trace },
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
