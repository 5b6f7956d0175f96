import { loadModel } from '../src/lm/index.js'
import { generate } from '../src/runtime/index.js'
import type { ChoiceOptions } from '../src/runtime/types.js'
import { embeddedTaskNames, openTask } from '../src/tasks/index.js'
import { loadTuner } from '../src/tuner/index.js'

/** A request whose answer is known, since its seed is. */
export interface KnownCase {
  name: string
  /** Body of a request to /v1/completions, without `stream`. */
  body: Record<string, unknown>
  text: string
  finishReason: 'stop' | 'length'
  newTokens: number
}

/** Ways to set the temperature: what the client sends, and what `generate()` calls it. */
const TEMPERATURES: readonly { fields: Record<string, unknown>; choice: ChoiceOptions; tuner: boolean }[] = [
  { fields: {}, choice: {}, tuner: true },
  { fields: { edt: { balance: 0.8 } }, choice: { balance: 0.8 }, tuner: true },
  { fields: { edt: { t0: 0.6, theta: 0.1 } }, choice: { t0: 0.6, theta: 0.1 }, tuner: false },
  { fields: { temperature: 0.9 }, choice: { strategy: { name: 'fixed', temperature: 0.9 } }, tuner: false },
]
const LENGTHS = [16, 32, 64]

/** @returns `count` cases over the embedded tasks, every temperature and several lengths, answered by `generate()` in this process */
export async function knownCases(count: number): Promise<KnownCase[]> {
  const [model, tuner] = [await loadModel('debian-6m', { threads: 1 }), await loadTuner('debian-6m/universal')]
  const prompts = await embeddedPrompts(count)
  const cases: KnownCase[] = []
  for (const [i, prompt] of prompts.entries()) {
    const { fields, choice, tuner: withTuner } = TEMPERATURES[i % TEMPERATURES.length]
    const [seed, maxNewTokens, stop] = [1000 + i, LENGTHS[i % LENGTHS.length], ['\n']]
    const options = { ...choice, ...(withTuner ? { tuner } : {}), seed, maxNewTokens, stop, topP: 0.95 }
    const { text, stopReason, newTokens } = await generate(model, prompt, options)
    cases.push({
      name: `case ${i}`,
      body: { prompt, seed, max_tokens: maxNewTokens, stop, top_p: 0.95, ...fields },
      text,
      finishReason: stopReason === 'length' ? 'length' : 'stop',
      newTokens,
    })
  }
  await model.dispose()
  return cases
}

/** Held-out prompts of the embedded tasks in turn. */
async function embeddedPrompts(count: number): Promise<string[]> {
  const names = embeddedTaskNames()
  const perTask = await Promise.all(
    names.map(async (name) => (await openTask(name)).examples('test', Math.ceil(count / names.length))),
  )
  return Array.from({ length: count }, (_, i) => perTask[i % names.length][Math.floor(i / names.length)].prompt)
}
