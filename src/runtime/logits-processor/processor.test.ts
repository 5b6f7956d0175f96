import { join } from 'node:path'
import {
  AutoModelForCausalLM,
  AutoTokenizer,
  LogitsProcessorList,
  type PreTrainedModel,
  type PreTrainedTokenizer,
  RepetitionPenaltyLogitsProcessor,
  type Tensor,
  TextGenerationPipeline,
} from '@huggingface/transformers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageModel, loadModel } from '../../lm/index.js'
import { packageRoot } from '../../package-root.js'
import { embeddedPrompts, hasSmolLM2, skipNote, smolLM2Folder } from '../../testing/models.js'
import { loadTuner } from '../../tuner/index.js'
import { generate } from '../generate.js'
import { EdtLogitsProcessor } from './processor.js'

const CHECKPOINTS = join(packageRoot(), 'checkpoints', 'debian-6m')
const PROMPT_TUNER = join(CHECKPOINTS, 'universal-prompt')

interface Plain {
  model: PreTrainedModel
  tokenizer: PreTrainedTokenizer
}

async function loadPlain(folder: string, dtype: 'q8' | 'q4'): Promise<Plain> {
  const options = { local_files_only: true }
  const tokenizer = await AutoTokenizer.from_pretrained(folder, options)
  tokenizer.padding_side = 'left'
  const session_options = { intraOpNumThreads: 1, interOpNumThreads: 1 }
  const model = await AutoModelForCausalLM.from_pretrained(folder, { ...options, dtype, session_options })
  return { model, tokenizer }
}

/** New tokens of each row, as transformers.js returns them. */
async function run(
  { model, tokenizer }: Plain,
  prompts: string | string[],
  processor: LogitsProcessorList,
  options: Record<string, unknown> = {},
): Promise<number[][]> {
  const inputs = tokenizer(prompts, { padding: true })
  const output = (await model.generate({
    ...inputs,
    ...{ logits_processor: processor, do_sample: false, max_new_tokens: 24, ...options },
  })) as Tensor
  const promptLength = inputs.input_ids.dims[1]
  return (output.tolist() as bigint[][]).map((row) => row.slice(promptLength).map(Number))
}

let plain: Plain
let own: LanguageModel
beforeAll(async () => {
  plain = await loadPlain(join(packageRoot(), 'data', 'models', 'debian-6m'), 'q8')
  own = await loadModel('debian-6m', { threads: 1 })
})
afterAll(async () => {
  await own.dispose()
  await plain.model.dispose()
})

/** What our own engine draws, an end token included where it drew one. */
async function expected(prompt: string, options: Parameters<typeof generate>[2]) {
  const { tokenIds, stopReason } = await generate(own, prompt, { stop: [], maxNewTokens: 24, ...options })
  return { tokenIds, ended: stopReason === 'end-token' }
}

describe('EdtLogitsProcessor in generate()', () => {
  it.each([{ do_sample: false }, { do_sample: true, top_k: 50 }, { do_sample: true, top_k: 1 }])(
    'draws what our own engine draws, whatever transformers.js would do with the scores: %o',
    async (options) => {
      for (const [seed, prompt] of embeddedPrompts.slice(0, 3).entries()) {
        const setting = { t0: 1.4, theta: 0.3, topP: 0.9, seed }
        const edt = new EdtLogitsProcessor(setting)
        const [drawn] = await run(plain, prompt, edt, options)
        const { tokenIds, ended } = await expected(prompt, setting)
        expect(drawn.slice(0, tokenIds.length)).toEqual(tokenIds)
        expect(drawn).toHaveLength(tokenIds.length + (ended ? 1 : 0))
      }
    },
  )

  it('gives each row of a padded batch what it gets alone', async () => {
    const { model, tokenizer } = plain
    const tuner = await loadTuner(PROMPT_TUNER)
    const seeds = embeddedPrompts.map((_, i) => 10 + i)
    const batch = new EdtLogitsProcessor({ tuner, seed: seeds, model, tokenizer, stop: [] })
    const together = await run(plain, embeddedPrompts, batch)
    for (const [i, prompt] of embeddedPrompts.entries()) {
      const single = new EdtLogitsProcessor({ tuner, seed: seeds[i], model, tokenizer, stop: [] })
      const [alone] = await run(plain, prompt, single)
      expect(together[i].slice(0, alone.length)).toEqual(alone)
      const [row, rowAlone] = [batch.lastCall!.rows[i], single.lastCall!.rows[0]]
      expect(row.promptTokens).toBe(rowAlone.promptTokens)
      expect(row.t0).toBeCloseTo(rowAlone.t0!, 4)
      expect(row.theta).toBeCloseTo(rowAlone.theta!, 4)
      expect(row.tokenIds).toEqual(rowAlone.tokenIds)
    }
  })

  it('chooses T0 and θ as generate() does, inside the bounds and for the balance that are asked for', async () => {
    const { model, tokenizer } = plain
    const tuner = await loadTuner(PROMPT_TUNER)
    for (const options of [{}, { balance: 0.9 }, { t0Range: [0, 0.5] as const }, { theta: 2 }]) {
      const edt = await EdtLogitsProcessor.load(PROMPT_TUNER, { model, tokenizer, seed: 1, ...options })
      await run(plain, embeddedPrompts[0], edt)
      const { t0, theta, chosenBy, balance, strategy, features } = await generate(own, embeddedPrompts[0], {
        ...{ tuner, seed: 1, ...options },
      })
      const [row] = edt.lastCall!.rows
      expect(row.t0).toBeCloseTo(t0!, 4)
      expect(row.theta).toBeCloseTo(theta!, 4)
      expect(row).toMatchObject({ chosenBy, balance })
      expect(row.features?.names).toEqual(features?.names)
      expect(row.strategy.replace(/\d\.\d{4,}/g, '')).toBe(strategy.replace(/\d\.\d{4,}/g, ''))
    }
  })

  it('ends finished rows, so that the batch stops with its last row', async () => {
    const { model, tokenizer } = plain
    const edt = await EdtLogitsProcessor.load(PROMPT_TUNER, { model, tokenizer, seed: 5 })
    const rows = await run(plain, embeddedPrompts, edt, { max_new_tokens: 200 })
    const lengths = edt.lastCall!.rows.map((row) => row.trace.length)
    expect(new Set(lengths).size).toBeGreaterThan(1)
    // A row that ends at a stop string gets its end token in the step after.
    expect(Math.max(...lengths)).toBeLessThanOrEqual(rows[0].length)
    expect(rows[0].length).toBeLessThanOrEqual(Math.max(...lengths) + 1)
    for (const [i, row] of edt.lastCall!.rows.entries()) {
      expect(row.ended).toBe(true)
      expect(rows[i].slice(0, row.tokenIds.length)).toEqual(row.tokenIds)
      expect(new Set(rows[i].slice(row.tokenIds.length))).toEqual(new Set([0]))
    }
  })

  it('keeps a trace whose numbers are those of generate()', async () => {
    const setting = { t0: 1.2, theta: 0.5, seed: 2 }
    const edt = new EdtLogitsProcessor({ ...setting, tokenizer: plain.tokenizer })
    await run(plain, embeddedPrompts[1], edt)
    const { trace, samples } = await generate(own, embeddedPrompts[1], {
      ...setting,
      stop: [],
      maxNewTokens: 24,
      trace: true,
    })
    const [row] = edt.lastCall!.rows
    expect(row.trace).toHaveLength(trace!.length)
    for (const [i, token] of row.trace.entries()) {
      const { entropy, temperature, probability, logprob, ...exact } = trace![i]
      expect(token).toMatchObject(exact)
      expect(token.entropy).toBeCloseTo(entropy, 3)
      expect(token.temperature).toBeCloseTo(temperature, 3)
      expect(token.logprob).toBeCloseTo(logprob, 2)
      expect(token.probability).toBeCloseTo(probability, 3)
    }
    expect(row.meanEntropy).toBeCloseTo(samples[0].meanEntropy, 3)
    expect(row.meanTemperature).toBeCloseTo(samples[0].meanTemperature, 3)
  })

  it('serves a second call like the first, and calls at once like calls in turn', async () => {
    const edt = await EdtLogitsProcessor.load(PROMPT_TUNER, { seed: 4, keep: 20 })
    const inTurn: number[][][] = []
    for (const prompt of embeddedPrompts) inTurn.push(await run(plain, prompt, edt))
    expect(await run(plain, embeddedPrompts[0], edt)).toEqual(inTurn[0])
    const atOnce = await Promise.all([...embeddedPrompts, embeddedPrompts[0]].map((prompt) => run(plain, prompt, edt)))
    expect(atOnce).toEqual([...inTurn, inTurn[0]])
    expect(edt.calls).toHaveLength(2 * embeddedPrompts.length + 2)
  })

  it('draws anew at every call without a seed, and keeps the records of the newest calls', async () => {
    const edt = new EdtLogitsProcessor({ t0: 1.5, theta: 0, keep: 2, trace: false })
    const answers = new Set<string>()
    for (let i = 0; i < 4; i++) answers.add(String(await run(plain, embeddedPrompts[2], edt)))
    expect(answers.size).toBeGreaterThan(1)
    expect(edt.calls).toHaveLength(2)
    expect(edt.lastCall!.rows[0].trace).toEqual([])
    const again = new EdtLogitsProcessor({ t0: 1.5, theta: 0, seed: edt.lastCall!.seed })
    expect(answers).toContain(String(await run(plain, embeddedPrompts[2], again)))
  })

  it('draws from what processors before it leave over', async () => {
    const list = new LogitsProcessorList()
    const banned = new RepetitionPenaltyLogitsProcessor(1e9)
    const edt = new EdtLogitsProcessor({ t0: 1, theta: 1, seed: 1 })
    list.extend([banned, edt])
    const [drawn] = await run(plain, embeddedPrompts[2], list)
    const prompt = new Set(own.encode(embeddedPrompts[2]))
    const seen = drawn.filter((token, i) => prompt.has(token) || drawn.indexOf(token) < i)
    expect(seen).toEqual([])
    expect(edt.lastCall!.rows[0].tokenIds).toEqual(drawn.filter((token) => token !== 0))
  })
})

describe('EdtLogitsProcessor in a pipeline', () => {
  it('answers several prompts, each up to its stop string', async () => {
    const generator = new TextGenerationPipeline({ task: 'text-generation', ...plain })
    const edt = await EdtLogitsProcessor.load(PROMPT_TUNER, { ...plain, seed: [1, 1, 1] })
    const prompts = embeddedPrompts.slice(0, 3)
    const options = { logits_processor: edt, do_sample: false, max_new_tokens: 64, return_full_text: false }
    const output = (await generator(prompts, options)) as { generated_text: string }[][]
    const tuner = await loadTuner(PROMPT_TUNER)
    for (const [i, prompt] of prompts.entries()) {
      const { text } = await generate(own, prompt, { tuner, seed: 1 })
      expect(output[i][0].generated_text.split('\n')[0]).toBe(text)
    }
  })
})

describe('what EdtLogitsProcessor refuses', () => {
  it('a tuner that needs more than prompt features', async () => {
    await expect(EdtLogitsProcessor.load(join(CHECKPOINTS, 'universal'))).rejects.toThrow(
      /"text" needs the prompt's text, which is not available here.*a tuner trained without this group/,
    )
  })

  it('missing, contradictory or bad options, in one sentence', async () => {
    const { model, tokenizer } = plain
    expect(() => new EdtLogitsProcessor({})).toThrow('tuner must be given, or t0 and theta')
    expect(() => new EdtLogitsProcessor({ t0: 1 })).toThrow('theta must be given together with t0')
    expect(() => new EdtLogitsProcessor({ t0: 1, theta: 0, balance: 0.5 })).toThrow(
      'balance must be given together with a tuner',
    )
    expect(() => new EdtLogitsProcessor({ t0: 1, theta: 0, seed: -1 })).toThrow(
      'seed must be a whole number ≥ 0, but is -1',
    )
    expect(() => new EdtLogitsProcessor({ t0: 1, theta: 0, keep: 0 })).toThrow(
      'keep must be a whole number ≥ 1, but is 0',
    )
    expect(() => new EdtLogitsProcessor({ t0: 1, theta: 0, stop: ['\n'], model })).toThrow(
      'tokenizer must be given together with stop',
    )
    expect(() => new EdtLogitsProcessor({ t0: 1, theta: 0, stop: ['\n'], tokenizer })).toThrow(
      'endTokenIds must be given for stop strings',
    )
    const two = embeddedPrompts.slice(0, 2)
    const batch = (options: object) => run(plain, two, new EdtLogitsProcessor({ t0: 1, theta: 0, ...options }))
    await expect(batch({})).rejects.toThrow('endTokenIds must be given for a batch of several rows')
    await expect(batch({ model, seed: [1] })).rejects.toThrow('seed must be one number or one for each of 2 rows')
    const edt = await EdtLogitsProcessor.load(PROMPT_TUNER, { endTokenIds: 0 })
    await expect(run(plain, two, edt)).rejects.toThrow('padTokenId must be given for a batch of several rows')
  })
})

describe.skipIf(!hasSmolLM2)(`EdtLogitsProcessor with SmolLM2${skipNote}`, () => {
  it('draws what our own engine draws, alone and in a padded batch; refuses the tuner of another model', async () => {
    const smol = await loadPlain(smolLM2Folder, 'q4')
    const ownSmol = await loadModel(smolLM2Folder, { threads: 1 })
    const questions = ['What is the capital of France?', 'Say hello.']
    const chats = questions.map((content) => ownSmol.renderChat([{ role: 'user', content }]))
    const setting = { t0: 0.9, theta: 0.4 }
    const batch = new EdtLogitsProcessor({ ...setting, seed: [1, 2], ...smol })
    const alone = new EdtLogitsProcessor({ ...setting, seed: 2 })
    const together = await run(smol, chats, batch, { max_new_tokens: 6 })
    const [drawn] = await run(smol, chats[1], alone, { max_new_tokens: 6 })
    for (const [i, content] of questions.entries()) {
      const options = { ...setting, seed: i + 1, maxNewTokens: 6 }
      const { tokenIds, promptTokens } = await generate(ownSmol, [{ role: 'user', content }], options)
      expect(together[i].slice(0, tokenIds.length)).toEqual(tokenIds)
      if (i === 1) expect(drawn.slice(0, tokenIds.length)).toEqual(tokenIds)
      // This model pads with its end token.
      expect(batch.lastCall!.rows[i].promptTokens).toBe(promptTokens)
    }
    const other = await EdtLogitsProcessor.load(PROMPT_TUNER)
    await expect(run(smol, 'Hello', other)).rejects.toThrow(/trained for vocabulary size 8192/)
    await ownSmol.dispose()
    await smol.model.dispose()
  }, 180_000)
})
