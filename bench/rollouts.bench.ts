import { bench, describe } from 'vitest'
import { loadModel } from '../src/lm/index.js'
import { createRule, createSampler, randomStream } from '../src/sampling/index.js'

const ROWS = 175
const NEW_TOKENS = 16

const model = await loadModel('debian-6m', { threads: 1 })
const prompt = `Summarize: ${'This package contains the documentation for the Python library. '.repeat(9)}\nSummary:`
const prefill = await model.prefill(model.encode(prompt), { surprisals: false })
const sampler = createSampler({ rule: createRule({ name: 'edt', t0: 1.3, theta: 1.5 }), truncation: { topP: 0.95 } })

async function rollout(sharePrefix: boolean): Promise<void> {
  const engine = model.engine({ sharePrefix })
  await Promise.all(
    Array.from({ length: ROWS }, (_, i) =>
      engine.decode({ prefill, sampler, random: randomStream(1, i), maxNewTokens: NEW_TOKENS, stopStrings: [] }),
    ),
  )
}

describe(`${ROWS} rows of one prompt of ${prefill.tokenIds.length} tokens, up to ${NEW_TOKENS} new tokens each, one thread`, () => {
  bench('sharing the keys and values of the prompt', () => rollout(true), {
    iterations: 5,
    time: 0,
    warmupIterations: 1,
  })
  bench('a copy of them in every row', () => rollout(false), { iterations: 5, time: 0, warmupIterations: 1 })
})
