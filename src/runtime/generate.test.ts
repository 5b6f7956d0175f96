import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadModel } from '../lm/index.js'
import type { LanguageModel } from '../lm/types.js'
import { packageRoot } from '../package-root.js'
import { embeddedPrompts, hasSmolLM2, skipNote, smolLM2Folder } from '../testing/models.js'
import { loadTuner, type Tuner } from '../tuner/index.js'
import { generate } from './generate.js'
import type { GenerateOptions } from './types.js'

let model: LanguageModel
beforeAll(async () => {
  model = await loadModel('debian-6m', { threads: 1 })
})
afterAll(() => model.dispose())

describe('generate', () => {
  it('gives the same text for the same seed, another for another, and tells what was in force', async () => {
    const options: GenerateOptions = { t0: 1.2, theta: 0.1, seed: 3, maxNewTokens: 40 }
    const first = await generate(model, embeddedPrompts[2], options)
    expect(await generate(model, embeddedPrompts[2], options)).toEqual(first)
    const other = await generate(model, embeddedPrompts[2], { ...options, seed: 4 })
    expect(other.text).not.toBe(first.text)
    expect(first).toMatchObject({ t0: 1.2, theta: 0.1, chosenBy: 'user', seed: 3 })
    expect(first.strategy).toContain('edt|t0:1.2|theta:0.1|base:0.8')
  })

  it('draws several samples from one prompt; the first is the one that a single sample gives', async () => {
    const strategy = { name: 'fixed', temperature: 1 } as const
    const one = await generate(model, embeddedPrompts[2], { strategy, seed: 5, maxNewTokens: 20 })
    const many = await generate(model, embeddedPrompts[2], { strategy, seed: 5, maxNewTokens: 20, samples: 6 })
    expect(many.samples).toHaveLength(6)
    expect(many.text).toBe(one.text)
    expect(many.t0).toBeUndefined()
  })

  it('streams text that adds up to the answer', async () => {
    let streamed = ''
    const { text } = await generate(model, embeddedPrompts[0], {
      t0: 0.6,
      theta: 0.1,
      seed: 1,
      onToken: (token) => {
        streamed += token.text
      },
    })
    expect(text.startsWith(streamed)).toBe(true)
    expect(text.length - streamed.length).toBeLessThan(3)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const running = generate(model, embeddedPrompts[2], {
      t0: 5,
      theta: 0,
      stop: [],
      seed: 0,
      maxNewTokens: 200,
      signal: controller.signal,
      onToken: ({ index }) => {
        if (index === 2) controller.abort()
      },
    })
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('refuses contradictory or missing choices in one sentence', async () => {
    const run = (options: GenerateOptions) => generate(model, 'x', options)
    await expect(run({})).rejects.toThrow('tuner must be given, or t0 and theta, or strategy, but is missing.')
    await expect(run({ t0: 1 })).rejects.toThrow('theta must be given together with t0')
    await expect(run({ theta: 1 })).rejects.toThrow('t0 must be given together with theta')
    await expect(run({ t0: 1, theta: 1, strategy: { name: 'greedy' } })).rejects.toThrow(
      'strategy must be given without',
    )
    await expect(run({ t0: 1, theta: 1, samples: 0 })).rejects.toThrow('samples must be a whole number ≥ 1, but is 0')
    await expect(run({ strategy: { name: 'kld', temperature: 1, bandwidth: 1 } })).rejects.toThrow(
      'promptWithoutSource must be',
    )
  })

  it('refuses a prompt that is too long, or drops its beginning when asked', async () => {
    const long = `${'library '.repeat(600)}\nSummary:`
    const options: GenerateOptions = { strategy: { name: 'greedy' }, maxNewTokens: 10 }
    await expect(generate(model, long, options)).rejects.toThrow(
      /asks for up to 10 new ones, but the model's context holds 512/,
    )
    const { promptTokens } = await generate(model, long, { ...options, truncate: true })
    expect(promptTokens).toBe(502)
  })

  it.skipIf(!hasSmolLM2)(`answers chat messages with SmolLM2 from a local folder${skipNote}`, async () => {
    const smol = await loadModel(smolLM2Folder)
    const messages = [{ role: 'user', content: 'What is the capital of France?' }] as const
    const { text } = await generate(smol, messages, { strategy: { name: 'greedy' }, maxNewTokens: 16 })
    expect(text).toContain('Paris')
    await smol.dispose()
  })
})

describe('generate with a tuner', () => {
  let tuner: Tuner
  beforeAll(async () => {
    tuner = await loadTuner(join(packageRoot(), 'checkpoints', 'debian-6m', 'universal'))
  })
  const options = { seed: 1, maxNewTokens: 8 } as const

  it('asks for the balance given, 0.5 unless told otherwise, and says so', async () => {
    const prompt = embeddedPrompts[0]
    for (const balance of [undefined, 0.9]) {
      const { t0, theta, ...told } = await generate(model, prompt, { ...options, tuner, balance })
      const configured = await tuner.configure(model, prompt, { balance })
      expect({ t0, theta }).toEqual({ t0: configured.t0, theta: configured.theta })
      expect(told).toMatchObject({ balance: balance ?? 0.5, chosenBy: 'tuner' })
    }
    await expect(generate(model, prompt, { ...options, tuner, balance: 2 })).rejects.toThrow(
      'balance must be a number from 0.05 to 0.95, but is 2.',
    )
  })

  it('keeps what the tuner chooses inside bounds, and an override as it is', async () => {
    const bound = { tuner, t0Range: [0.2, 0.3], thetaRange: [0, 0.1] } as const
    const free = await generate(model, embeddedPrompts[0], { ...options, ...bound })
    expect(free.t0).toBe(0.3)
    expect(free.theta).toBeLessThanOrEqual(0.1)
    const half = await generate(model, embeddedPrompts[0], { ...options, ...bound, t0: 1.5 })
    expect(half).toMatchObject({ t0: 1.5, theta: free.theta, balance: 0.5, chosenBy: 'tuner and user' })
    const whole = await generate(model, embeddedPrompts[0], { ...options, ...bound, t0: 1.5, theta: 4 })
    expect(whole).toMatchObject({ t0: 1.5, theta: 4, chosenBy: 'user' })
    expect(whole.balance).toBeUndefined()
  })

  it('refuses a balance or bounds without a tuner', async () => {
    const run = (extra: GenerateOptions) => generate(model, 'x', { t0: 1, theta: 1, ...extra })
    await expect(run({ balance: 0.5 })).rejects.toThrow('balance must be given together with a tuner')
    await expect(run({ t0Range: [0, 1] })).rejects.toThrow('t0Range must be given together with a tuner')
  })
})
