import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DecodeEngine, type LanguageModel, loadModel } from '../lm/index.js'
import { embeddedPrompts } from '../testing/models.js'
import { generate } from './generate.js'
import { stream } from './stream.js'
import type { GenerateOptions, StreamChunk } from './types.js'

let model: LanguageModel
beforeAll(async () => {
  model = await loadModel('debian-6m', { threads: 1 })
})
afterAll(() => model.dispose())

const options: GenerateOptions = {
  t0: 1.2,
  theta: 0.1,
  seed: 3,
  samples: 3,
  maxNewTokens: 24,
  stop: ['.', '\n'],
  trace: true,
}

describe('stream', () => {
  it('tells T0 and θ first, and its texts add up to what generate() gives', async () => {
    const chunks: StreamChunk[] = []
    for await (const chunk of stream(model, embeddedPrompts[2], options)) chunks.push(chunk)
    const whole = await generate(model, embeddedPrompts[2], options)
    expect(chunks[0]).toMatchObject({ type: 'start', t0: 1.2, theta: 0.1, chosenBy: 'user', seed: 3 })
    for (const [sample, { text, newTokens, stopReason, trace }] of whole.samples.entries()) {
      const own = chunks.filter((chunk) => chunk.type !== 'start' && chunk.sample === sample)
      expect(own.map((chunk) => chunk.text).join('')).toBe(text)
      expect(own.at(-1)).toMatchObject({ type: 'end', stopReason, trace })
      expect(own).toHaveLength(newTokens + 1)
    }
  })

  it('returns the whole answer to who drives it by hand', async () => {
    const chunks = stream(model, embeddedPrompts[0], options)
    let step = await chunks.next()
    while (!step.done) step = await chunks.next()
    expect(step.value).toEqual(await generate(model, embeddedPrompts[0], options))
  })

  it('stops the decoding when its reader leaves', async () => {
    const engine = model.engine()
    let decoding: Promise<unknown> | undefined
    const watched: DecodeEngine = {
      decode: (row) => {
        const result = engine.decode(row)
        decoding = result
        return result
      },
    }
    for await (const chunk of stream(model, embeddedPrompts[2], {
      ...{ t0: 1.5, theta: 0, stop: [], maxNewTokens: 300, seed: 1 },
      engine: watched,
    })) {
      if (chunk.type === 'token' && chunk.index === 2) break
    }
    await expect(decoding).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('throws what generate() throws, also after the first chunks', async () => {
    const read = async (given: GenerateOptions, onChunk: () => void = () => {}) => {
      for await (const _ of stream(model, embeddedPrompts[0], given)) onChunk()
    }
    await expect(read({})).rejects.toThrow('tuner must be given, or t0 and theta, or strategy')
    const controller = new AbortController()
    const reason = new Error('enough')
    const long = { t0: 5, theta: 0, seed: 0, stop: [], maxNewTokens: 300, signal: controller.signal }
    let chunks = 0
    await expect(read(long, () => ++chunks === 3 && controller.abort(reason))).rejects.toBe(reason)
    expect(chunks).toBeGreaterThanOrEqual(3)
  })

  it('serves many at once from one engine, each with the answer that it gets alone', async () => {
    const engine = model.engine()
    const collect = async (prompt: string, seed: number) => {
      let text = ''
      for await (const chunk of stream(model, prompt, { t0: 1, theta: 1, seed, engine, maxNewTokens: 20 }))
        text += chunk.text
      return text
    }
    const together = await Promise.all(embeddedPrompts.map((prompt, seed) => collect(prompt, seed)))
    for (const [seed, prompt] of embeddedPrompts.entries()) {
      expect(together[seed]).toBe((await generate(model, prompt, { t0: 1, theta: 1, seed, maxNewTokens: 20 })).text)
    }
  })
})
