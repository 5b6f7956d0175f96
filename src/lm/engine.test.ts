import { join } from 'node:path'
import { AutoModelForCausalLM, AutoTokenizer } from '@huggingface/transformers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../package-root.js'
import { createRule, createSampler, randomStream } from '../sampling/index.js'
import type { Sampler, StrategySpec } from '../sampling/types.js'
import { embeddedPrompts, hasSmolLM2, skipNote, smolLM2Folder } from '../testing/models.js'
import { ContextOverflowError } from './errors.js'
import { loadModel } from './load.js'
import type { OnnxLanguageModel } from './model.js'
import { newDecodeProfile } from './profile.js'
import type { DecodedRow, DecodeEngine, Prefill, TokenEvent } from './types.js'

const sampler = (spec: StrategySpec): Sampler => createSampler({ rule: createRule(spec), truncation: { topP: 0.95 } })
const edt = sampler({ name: 'edt', t0: 1.2, theta: 0.5 })
const greedy = sampler({ name: 'greedy' })
const embeddedFolder = join(packageRoot(), 'data', 'models', 'debian-6m')

let model: OnnxLanguageModel
beforeAll(async () => {
  model = await loadModel('debian-6m', { threads: 1 })
})
afterAll(() => model.dispose())

/** New tokens of transformers.js's own greedy `generate()`. */
async function greedyByTransformers(folder: string, prompts: string[], maxNewTokens: number, dtype: 'q8' | 'q4') {
  const tokenizer = await AutoTokenizer.from_pretrained(folder)
  const reference = await AutoModelForCausalLM.from_pretrained(folder, { dtype })
  const answers: number[][] = []
  for (const prompt of prompts) {
    const inputs = tokenizer(prompt)
    const output = await reference.generate({ ...inputs, max_new_tokens: maxNewTokens, do_sample: false } as never)
    const ids = (output as { tolist(): bigint[][] }).tolist()[0].map(Number)
    answers.push(ids.slice(inputs.input_ids.dims[1]))
  }
  await reference.dispose()
  return answers
}

async function expectGreedyAgrees(
  own: OnnxLanguageModel,
  folder: string,
  prompts: string[],
  n: number,
  dtype: 'q8' | 'q4',
) {
  const expected = await greedyByTransformers(folder, prompts, n, dtype)
  const engine = own.engine()
  const rows = await Promise.all(
    prompts.map(async (prompt) => {
      const prefill = await own.prefill(own.encode(prompt))
      return engine.decode({ prefill, sampler: greedy, random: randomStream(0), maxNewTokens: n, stopStrings: [] })
    }),
  )
  rows.forEach((row, i) => {
    const end = row.stopReason === 'end-token' ? expected[i].slice(0, -1) : expected[i]
    expect(row.tokenIds).toEqual(end)
  })
}

function rowsOf(engine: DecodeEngine, prefill: Prefill, count: number, maxNewTokens = 24): Promise<DecodedRow[]> {
  return Promise.all(
    Array.from({ length: count }, (_, i) =>
      engine.decode({ prefill, sampler: edt, random: randomStream(7, i), maxNewTokens }),
    ),
  )
}

describe('greedy decoding', () => {
  it('equals transformers.js generate() token for token on the embedded model', async () => {
    await expectGreedyAgrees(model, embeddedFolder, embeddedPrompts, 40, 'q8')
  })

  it.skipIf(!hasSmolLM2)(`equals transformers.js generate() token for token on SmolLM2${skipNote}`, async () => {
    const smol = await loadModel(smolLM2Folder)
    const prompts = ['The capital of France is', 'def fibonacci(n):', 'Once upon a time, in a village by the sea,']
    await expectGreedyAgrees(smol, smolLM2Folder, prompts, 20, 'q4')
    await smol.dispose()
  })
})

describe('rows of a batch', () => {
  it('draw the same tokens alone, in a crowd, with a shared prefix and without, and when they have to wait', async () => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[2]))
    const shared = await rowsOf(model.engine(), prefill, 12)
    const unshared = await rowsOf(model.engine({ sharePrefix: false }), prefill, 12)
    const waiting = await rowsOf(model.engine({ maxRows: 3 }), prefill, 12)
    const alone: DecodedRow[] = []
    for (let i = 0; i < 12; i++) {
      alone.push(await model.engine().decode({ prefill, sampler: edt, random: randomStream(7, i), maxNewTokens: 24 }))
    }
    const ids = (rows: DecodedRow[]) => rows.map((row) => row.tokenIds)
    expect(ids(unshared)).toEqual(ids(alone))
    expect(ids(shared)).toEqual(ids(alone))
    expect(ids(waiting)).toEqual(ids(alone))
    expect(new Set(shared.map((row) => row.text)).size).toBeGreaterThan(3)
  })

  it('go through the model as one while they have the same tokens', async () => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[2]))
    const profile = newDecodeProfile()
    const engine = model.engine({ profile })
    const decode = (chosen: Sampler, i: number) =>
      engine.decode({ prefill, sampler: chosen, random: randomStream(7, i), maxNewTokens: 12, stopStrings: [] })
    const same = await Promise.all(Array.from({ length: 6 }, (_, i) => decode(greedy, i)))
    expect(new Set(same.map((row) => row.text)).size).toBe(1)
    expect(profile).toMatchObject({ steps: same[0].steps - 1, lanes: profile.steps, rows: 6 * profile.steps })
    // Rows of one stream and alike samplers part somewhere; afterwards each is what it is alone.
    const hotter = [0.7, 0.9, 1.1, 1.3, 1.5].map((temperature) => sampler({ name: 'fixed', temperature }))
    const together = await Promise.all(hotter.map((chosen) => decode(chosen, 1)))
    expect(new Set(together.map((row) => row.text)).size).toBeGreaterThan(1)
    for (const [i, chosen] of hotter.entries()) {
      const row = { prefill, sampler: chosen, random: randomStream(7, 1), maxNewTokens: 12, stopStrings: [] }
      expect(together[i].tokenIds).toEqual((await model.engine().decode(row)).tokenIds)
    }
    expect(profile.lanes).toBeLessThan(profile.rows)
    for (const part of ['model', 'cache', 'draw', 'bookkeeping'] as const) expect(profile[part]).toBeGreaterThan(0)
  })

  it('hold the prompt once where they share it, and as often as there are rows where they do not', async () => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[2].repeat(8)))
    const prefix = prefill.kv.reduce((sum, { key, value }) => sum + key.byteLength + value.byteLength, 0)
    const hot = sampler({ name: 'fixed', temperature: 2 })
    const peak = async (sharePrefix: boolean) => {
      const engine = model.engine({ sharePrefix })
      const row = (i: number) => ({
        prefill,
        sampler: hot,
        random: randomStream(3, i),
        maxNewTokens: 6,
        stopStrings: [],
      })
      await Promise.all(Array.from({ length: 8 }, (_, i) => engine.decode(row(i))))
      return engine.peakCacheBytes
    }
    const [shared, unshared] = [await peak(true), await peak(false)]
    expect(shared).toBeGreaterThan(prefix)
    expect(shared).toBeLessThan(3 * prefix)
    // At this heat rows part at once: eight copies of the prompt.
    expect(unshared).toBeGreaterThan(7 * prefix)
  })

  it('of different prompts mix without touching each other', async () => {
    const prefills = await Promise.all(embeddedPrompts.map((prompt) => model.prefill(model.encode(prompt))))
    const decode = (engine: DecodeEngine, prefill: Prefill) =>
      engine.decode({ prefill, sampler: edt, random: randomStream(3), maxNewTokens: 30 })
    const together = model.engine()
    const mixed = await Promise.all(prefills.map((prefill) => decode(together, prefill)))
    for (const [i, prefill] of prefills.entries()) {
      expect(mixed[i].tokenIds).toEqual((await decode(model.engine(), prefill)).tokenIds)
    }
  })

  it('can join while others are half way', async () => {
    const [first, second] = await Promise.all(embeddedPrompts.slice(0, 2).map((p) => model.prefill(model.encode(p))))
    const engine = model.engine()
    let joined: Promise<DecodedRow> | undefined
    const early = engine.decode({
      prefill: first,
      sampler: edt,
      random: randomStream(1),
      maxNewTokens: 30,
      onToken: ({ index }) => {
        if (index === 5)
          joined = engine.decode({ prefill: second, sampler: edt, random: randomStream(2), maxNewTokens: 30 })
      },
    })
    await early
    const late = await joined
    const reference = await model
      .engine()
      .decode({ prefill: second, sampler: edt, random: randomStream(2), maxNewTokens: 30 })
    expect(late?.tokenIds).toEqual(reference.tokenIds)
  })

  it('end by end token, stop string or length, and say so', async () => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[0]))
    const run = (maxNewTokens: number, stopStrings: string[]) =>
      model.engine().decode({ prefill, sampler: greedy, random: randomStream(0), maxNewTokens, stopStrings })
    const full = await run(60, [])
    expect(full.stopReason).toBe('end-token')
    expect(full.tokenIds).not.toContain(0)
    expect(full.steps).toBe(full.tokenIds.length + 1)
    const short = await run(3, [])
    expect(short).toMatchObject({ stopReason: 'length', steps: 3, tokenIds: full.tokenIds.slice(0, 3) })
    const cut = await run(60, ['documentation'])
    expect(cut.stopReason).toBe('stop-string')
    expect(cut.text).toBe(full.text.slice(0, full.text.indexOf('documentation')))
  })

  it('trace entropy, temperature, probability, rank and nucleus of every step', async () => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[1]))
    const row = await model
      .engine()
      .decode({ prefill, sampler: edt, random: randomStream(5), maxNewTokens: 20, trace: true })
    expect(row.trace).toHaveLength(row.steps)
    for (const step of row.trace ?? []) {
      expect(step.temperature).toBeCloseTo(1.2 * 0.8 ** (0.5 / step.entropy), 5)
      expect(step.probability).toBeGreaterThan(0)
      expect(step.probability).toBeLessThanOrEqual(1)
      expect(step.rank).toBeLessThan(step.nucleusSize)
    }
    const mean = (row.trace ?? []).reduce((sum, step) => sum + step.entropy, 0) / row.steps
    expect(row.meanEntropy).toBeCloseTo(mean, 6)
  })

  it("name alternatives whose log-probabilities give the drawn token's probability", async () => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[1]))
    const events: TokenEvent[] = []
    const row = await model.engine().decode({
      ...{ prefill, sampler: edt, random: randomStream(5), maxNewTokens: 20, trace: true },
      alternatives: model.vocabularySize,
      onToken: (event) => events.push(event),
    })
    expect(events.map(({ trace }) => trace)).toEqual(row.trace)
    for (const { token, text, logprob, rank, temperature, nucleusSize, probability, alternatives = [] } of row.trace!) {
      expect(alternatives[rank]).toEqual({ token, text, logprob })
      expect(alternatives.reduce((sum, other) => sum + Math.exp(other.logprob), 0)).toBeCloseTo(1, 4)
      const weights = alternatives.slice(0, nucleusSize).map((other) => Math.exp(other.logprob / temperature))
      expect(weights[rank] / weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(probability, 4)
    }
  })

  it.each([-1, 0.5])('refuse %s alternatives', async (alternatives) => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[1]))
    const row = { prefill, sampler: edt, random: randomStream(5), maxNewTokens: 2, trace: true, alternatives }
    await expect(model.engine().decode(row)).rejects.toThrow('alternatives')
  })

  it('compare two logit rows for the KLD rule: identical prompts leave the temperature as it is', async () => {
    const [with_, without] = await Promise.all(embeddedPrompts.slice(2, 4).map((p) => model.prefill(model.encode(p))))
    const kld = sampler({ name: 'kld', temperature: 1.1, bandwidth: 0.5 })
    const run = (contrast: Prefill) =>
      model
        .engine()
        .decode({ prefill: with_, contrast, sampler: kld, random: randomStream(9), maxNewTokens: 16, trace: true })
    const same = await run(with_)
    for (const step of same.trace ?? []) expect(step.temperature).toBeCloseTo(1.1, 3)
    const different = await run(without)
    expect(Math.min(...(different.trace ?? []).map((step) => step.temperature))).toBeLessThan(1)
  })
})

describe('what goes wrong', () => {
  it('an aborted row leaves with its reason, the others go on', async () => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[2]))
    const engine = model.engine()
    const controller = new AbortController()
    const leaving = engine.decode({
      prefill,
      sampler: edt,
      random: randomStream(1),
      maxNewTokens: 60,
      signal: controller.signal,
      onToken: ({ index }) => {
        if (index === 3) controller.abort(new Error('client left'))
      },
    })
    const staying = rowsOf(engine, prefill, 5)
    await expect(leaving).rejects.toThrow('client left')
    expect(await staying).toHaveLength(5)
  })

  it('an error in onToken fails its own row alone', async () => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[2]))
    const engine = model.engine()
    const onToken = () => {
      throw new Error('listener broke')
    }
    const broken = engine.decode({ prefill, sampler: edt, random: randomStream(1), maxNewTokens: 9, onToken })
    const fine = rowsOf(engine, prefill, 2)
    await expect(broken).rejects.toThrow('listener broke')
    expect(await fine).toHaveLength(2)
  })

  it('refuses a prompt that does not fit, an empty one, and ids outside the vocabulary', async () => {
    const prefill = await model.prefill(model.encode(embeddedPrompts[0]))
    const row = { prefill, sampler: edt, random: randomStream(1), maxNewTokens: 600 }
    await expect(model.engine().decode(row)).rejects.toBeInstanceOf(ContextOverflowError)
    await expect(model.prefill(Array.from({ length: 512 }, () => 5))).rejects.toThrow(/context holds 512/)
    await expect(model.prefill([])).rejects.toThrow(/no tokens/)
    await expect(model.prefill([1, 8192])).rejects.toThrow(/token 1 is 8192, but this model's ids are 0 … 8191/)
  })
})

describe('surprisals', () => {
  it('are the negative log probabilities of the prompt tokens, however the prompt is cut into passes', async () => {
    const ids = model.encode(embeddedPrompts[3])
    const { surprisals } = await model.prefill(ids)
    expect(surprisals).toHaveLength(ids.length - 1)
    for (const n of [2, 5, 12]) {
      const { lastLogits } = await model.prefill(ids.slice(0, n))
      const total = lastLogits.reduce((sum, logit) => sum + Math.exp(logit), 0)
      expect(surprisals?.[n - 1]).toBeCloseTo(Math.log(total) - lastLogits[ids[n]], 3)
    }
  })
})
