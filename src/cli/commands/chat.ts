import type { GenerateOptions } from '../../runtime/index.js'
import { createRule } from '../../sampling/index.js'
import { openTask } from '../../tasks/index.js'
import { defineCommand } from '../command.js'
import { describeModel, modelFlags, threadsFlag, truncationFlags } from '../common-flags.js'
import { UsageError } from '../errors.js'
import { describeTuner, openTuner } from '../find-tuner.js'
import { type Flags, integer, text, texts, toggle } from '../flags.js'
import { strategyFlags, temperatureChoice } from '../strategy-flags.js'
import { renderTaskPrompt } from '../task-prompt.js'

/** Room for an answer in a conversation; a shorter one would make the oldest messages stay until nothing else fits. */
const CONVERSATION_TOKENS = 256

const flags = {
  system: text('System message, for a model with a chat template'),
  task: text("Put every message into this task's template; its stop strings and length hold"),
  seed: integer('Same seed, same answers', { min: 0, defaultDescription: 'a random one for each answer, told' }),
  maxNewTokens: integer('Most tokens of an answer', {
    min: 1,
    defaultDescription: `${CONVERSATION_TOKENS}, or the task's or the tuner's`,
  }),
  stop: texts('Text that ends an answer; may repeat', { defaultDescription: "the task's or the model's own" }),
  ...strategyFlags,
  ...truncationFlags,
  ...modelFlags,
  ...threadsFlag,
  trace: toggle('A table of every token after each answer', { group: 'Output:' }),
} satisfies Flags

export const chatCommand = defineCommand({
  command: 'chat',
  describe: 'Talk with a model; every token is coloured by its temperature',
  flags,
  examples: [
    ['edt chat --model HuggingFaceTB/SmolLM2-135M-Instruct --t0 0.8 --theta 0.3', '/help lists what can be changed'],
    ['edt chat --task translate-fr', 'With the embedded model: every line is translated'],
  ],
  async run({ settings, output, signal }) {
    const choice = temperatureChoice(settings)
    const task = settings.task === undefined ? undefined : (await openTask(settings.task)).definition
    const [{ loadModel }, { chat }, { Conversation }] = await Promise.all([
      import('../../lm/index.js'),
      import('../chat/chat.js'),
      import('../chat/conversation.js'),
    ])
    const { model: asked, dtype, device, threads, system, seed, trace, topP, topK, topNSigma, minP } = settings
    const model = await loadModel(asked, { dtype, device, threads })
    try {
      if (system !== undefined && (task !== undefined || !model.hasChatTemplate)) {
        throw new UsageError(
          `--system is a message of a chat, but ${task === undefined ? `${model.id} has no chat template` : 'a task has a template of its own'}.`,
        )
      }
      const tuner = 'strategy' in choice ? undefined : await openTuner(choice.tuner, model, asked)
      const conversation = new Conversation({
        ...{ model, system },
        ...(task === undefined ? {} : { asPrompt: (message) => renderTaskPrompt(task, { prompt: message }).prompt }),
      })
      output.say(describeModel(model, asked) + (tuner === undefined ? '' : `, tuner ${describeTuner(tuner)}`))
      const memory = conversation.remembers ? '' : ' Every message stands alone, without those before it.'
      output.say(output.messageColors.dim(`/help lists what you can change, Ctrl-D ends.${memory}`))
      const length = task?.maxNewTokens ?? (conversation.remembers ? CONVERSATION_TOKENS : undefined)
      const options: GenerateOptions = {
        ...temperature(choice),
        ...(tuner === undefined ? {} : { tuner }),
        ...{ seed, topP, topK, topNSigma, minP },
        maxNewTokens: settings.maxNewTokens ?? length,
        stop: settings.stop ?? task?.stop,
      }
      const upperBound = 'strategy' in choice ? createRule(choice.strategy).upperBound : undefined
      const turns = await chat({ conversation, options, upperBound, trace, output, signal })
      const { id, dtype: loaded, device: on } = model
      output.document({ model: { id, dtype: loaded, device: on }, tuner: tuner?.metadata.tunerName, turns })
    } finally {
      await model.dispose()
    }
  },
})

/** EDT by hand is given as T0 and θ, which the user may change, rather than as a rule, which stays. */
function temperature(choice: ReturnType<typeof temperatureChoice>): GenerateOptions {
  if (!('strategy' in choice)) return { t0: choice.t0, theta: choice.theta, ...choice.asked }
  if (choice.strategy.name !== 'edt') return { strategy: choice.strategy }
  const { t0, theta, base } = choice.strategy
  return { t0, theta, base }
}
