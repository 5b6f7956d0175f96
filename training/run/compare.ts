import type { LanguageModel } from '../../src/lm/types.js'
import { generate } from '../../src/runtime/index.js'
import type { Task } from '../../src/tasks/index.js'
import type { Tuner } from '../../src/tuner/index.js'

export interface CompareOptions {
  /** How many test prompts of each task, from the start of its file, are to be left out as seen. */
  skip: number
  /** How many prompts to answer, spread over the tasks. @default 3 */
  prompts?: number
  /** @default 0 */
  seed?: number
  signal?: AbortSignal
}

/** One prompt, answered with what the tuner chose and with a fixed temperature; both with the same random numbers. */
export interface Comparison {
  task: string
  prompt: string
  reference: string
  learned: { t0: number; theta: number; text: string }
  fixed: { temperature: number; text: string }
}

/**
 * Answers test prompts that neither training nor evaluation has seen with the tuner, next to the fixed temperature that did best
 * in training (1 when the grid had none). A task without further prompts is left out.
 * @throws as `generate`
 */
export async function compareOnUnseen(
  model: LanguageModel,
  tuner: Tuner,
  tasks: readonly Task[],
  { skip, prompts = 3, seed = 0, signal }: CompareOptions,
): Promise<Comparison[]> {
  const temperature = tuner.bestCells.fixedTemperature ?? 1
  const comparisons: Comparison[] = []
  const wanted = Math.min(prompts, tasks.length)
  for (let i = 0; i < wanted; i++) {
    const { definition, examples } = tasks[Math.floor((i * tasks.length) / wanted)]
    const example = (await examples('test', skip + 1))[skip]
    if (example === undefined) continue
    const { maxNewTokens, stop, chat } = definition
    const prompt = chat ? [{ role: 'user', content: example.prompt } as const] : example.prompt
    const decoding = { maxNewTokens, stop, seed, signal }
    const learned = await generate(model, prompt, { ...decoding, tuner })
    const fixed = await generate(model, prompt, {
      ...decoding,
      strategy: { name: 'fixed', temperature },
      topP: tuner.metadata.decoding.topP,
    })
    comparisons.push({
      task: definition.name,
      prompt: example.prompt,
      reference: example.references[0],
      learned: { t0: learned.t0!, theta: learned.theta!, text: learned.text.trim() },
      fixed: { temperature, text: fixed.text.trim() },
    })
  }
  return comparisons
}
