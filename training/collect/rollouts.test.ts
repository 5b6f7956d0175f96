import { describe, expect, it } from 'vitest'
import { ContextOverflowError } from '../../src/lm/index.js'
import { rouge, selfBleu, sentenceBleu } from '../../src/metrics/index.js'
import { runRollouts } from './rollouts.js'
import { edtRollout, exampleJob } from './testing/jobs.js'
import { markovModel } from './testing/markov-model.js'

const texts = (rollout: { samples: { text: string }[] }) => rollout.samples.map((sample) => sample.text)

describe('the rollouts of a prompt', () => {
  it('come from one prefill, and are the same whatever ran before', async () => {
    const model = markovModel()
    const job = exampleJob({ rollouts: [edtRollout(1, 0), edtRollout(2, 3)], wantFeatures: true })
    const first = await runRollouts(model, job)
    expect(model.prefills).toBe(1)
    expect(first.promptTokenCount).toBe(5)
    await runRollouts(model, exampleJob({ prompt: 'a dog' }))
    expect(await runRollouts(model, job)).toEqual(first)
    expect(first.features?.values.every(Number.isFinite)).toBe(true)
    expect((await runRollouts(model, exampleJob())).features).toBeUndefined()
  })

  it('use the same random numbers in every cell: equal cells have equal samples, and θ = 0 is fixed temperature', async () => {
    const { rollouts } = await runRollouts(
      markovModel(),
      exampleJob({
        rollouts: [
          edtRollout(1.3, 0),
          { strategy: { name: 'fixed', temperature: 1.3 }, truncation: { topP: 0.95 }, samples: 4 },
          edtRollout(1.3, 2),
        ],
      }),
    )
    expect(rollouts[1]).toEqual(rollouts[0])
    expect(new Set(texts(rollouts[0])).size).toBeGreaterThan(1)
    expect(texts(rollouts[2])).not.toEqual(texts(rollouts[0]))
  })

  it('give sample i the same text however many samples are asked for, and other texts for another seed or prompt', async () => {
    const two = await runRollouts(markovModel(), exampleJob({ rollouts: [edtRollout(1.5, 0, 2)] }))
    const six = await runRollouts(markovModel(), exampleJob({ rollouts: [edtRollout(1.5, 0, 6)] }))
    expect(texts(six.rollouts[0]).slice(0, 2)).toEqual(texts(two.rollouts[0]))
    for (const change of [{ seed: 4 }, { streamKeys: ['answer', '2'] }]) {
      const other = await runRollouts(markovModel(), exampleJob({ rollouts: [edtRollout(1.5, 0, 6)], ...change }))
      expect(texts(other.rollouts[0])).not.toEqual(texts(six.rollouts[0]))
    }
  })

  it('draw one row for greedy and repeat it', async () => {
    const model = markovModel()
    const greedy = { strategy: { name: 'greedy' as const }, truncation: {}, samples: 5 }
    const { rollouts } = await runRollouts(
      model,
      exampleJob({ rollouts: [greedy], selfBleuGroup: 5, maxNewTokens: 12 }),
    )
    expect(model.rows).toHaveLength(1)
    expect(rollouts[0].samples).toHaveLength(5)
    expect(new Set(texts(rollouts[0])).size).toBe(1)
    expect(rollouts[0].samples[0].meanTemperature).toBe(0)
    expect(rollouts[0].selfBleu).toBeCloseTo(100, 9)
  })

  it('put rows to the engine cell by cell, equal samplers once', async () => {
    const model = markovModel()
    const result = await runRollouts(
      model,
      exampleJob({ rollouts: [edtRollout(1, 0, 2), edtRollout(2, 1, 2), edtRollout(1, 0, 3)] }),
    )
    const [a, b] = ['edt|t0:1|theta:0', 'edt|t0:2|theta:1']
    expect(model.rows.map((signature) => signature.slice(0, a.length))).toEqual([a, a, a, b, b])
    expect(result.rollouts.map(({ samples }) => samples.length)).toEqual([2, 2, 3])
    expect(texts(result.rollouts[2]).slice(0, 2)).toEqual(texts(result.rollouts[0]))
  })

  it('are scored by ROUGE-L F1 against the best reference and by Self-BLEU of groups', async () => {
    const job = exampleJob({ rollouts: [edtRollout(1.5, 0, 5)] })
    const { rollouts, qualitySignature, selfBleuSignature } = await runRollouts(markovModel(), job)
    const [rollout] = rollouts
    const expected = texts(rollout).map((text) => 100 * rouge(text, job.references).rougeL.fmeasure)
    expect(rollout.samples.map((sample) => sample.quality)).toEqual(expected)
    expect(rollout.quality).toBeCloseTo(expected.reduce((a, b) => a + b) / 5, 12)
    expect(Math.max(...expected)).toBeGreaterThan(0)
    const diversity = selfBleu(texts(rollout), { group: 2 })
    expect(rollout.selfBleu).toBe(diversity.score)
    expect(rollout.selfBleuGroups).toEqual(diversity.groups)
    expect(rollout.selfBleuGroups).toHaveLength(2)
    expect(selfBleuSignature).toBe(diversity.signature)
    expect(qualitySignature).toMatch(/^rougeL\|nrefs:var\|/)
  })

  it('are scored by sentence BLEU with the tokenizer of the task', async () => {
    const job = exampleJob({ metric: 'bleu', tokenize: 'char', rollouts: [edtRollout(1.5, 0, 4)] })
    const { rollouts, qualitySignature } = await runRollouts(markovModel(), job)
    const expected = texts(rollouts[0]).map((text) => sentenceBleu(text, job.references, { tokenize: 'char' }).score)
    expect(rollouts[0].samples.map((sample) => sample.quality)).toEqual(expected)
    expect(rollouts[0].selfBleu).toBe(selfBleu(texts(rollouts[0]), { group: 2, tokenize: 'char' }).score)
    expect(qualitySignature).toMatch(/^bleu\|nrefs:var\|.*tok:char/)
  })

  it('have the same quality signature for prompts with one reference and with two', async () => {
    const one = await runRollouts(markovModel(), exampleJob({ references: ['the dog'] }))
    expect(one.qualitySignature).toBe((await runRollouts(markovModel(), exampleJob())).qualitySignature)
  })

  it('compare with the prompt without its source where the strategy needs it', async () => {
    const kld = { strategy: { name: 'kld' as const, temperature: 1, bandwidth: 0.5 }, truncation: {}, samples: 2 }
    const model = markovModel()
    const { rollouts } = await runRollouts(model, exampleJob({ rollouts: [kld, edtRollout(1, 0)] }))
    expect(model.prefills).toBe(2)
    expect(rollouts[0].samples[0].meanTemperature).toBeLessThan(1)
    const without = exampleJob({ rollouts: [kld], promptWithoutSource: undefined })
    await expect(runRollouts(markovModel(), without)).rejects.toThrow(/promptWithoutSource must be the prompt without/)
  })

  it('are refused for a prompt that leaves no room, and end at once when aborted', async () => {
    const long = exampleJob({ prompt: Array(60).fill('cat').join(' ') })
    await expect(runRollouts(markovModel(), long)).rejects.toThrow(ContextOverflowError)
    const signal = AbortSignal.abort(new Error('stopped by the user'))
    await expect(runRollouts(markovModel(), exampleJob(), { signal })).rejects.toThrow('stopped by the user')
  })

  it('tell the first sample token by token where that is asked for', async () => {
    const [plain, traced] = [edtRollout(1, 1), { ...edtRollout(1, 2), trace: true }]
    const { rollouts } = await runRollouts(markovModel(), exampleJob({ rollouts: [plain, traced] }))
    const [first, second] = rollouts[1].samples
    const words = first.trace!.map(({ text }) => text).filter((word) => word !== '<end>')
    expect(words.join(' ')).toBe(first.text)
    const mean = first.trace!.reduce((sum, { temperature }) => sum + temperature, 0) / first.trace!.length
    expect(mean).toBeCloseTo(first.meanTemperature, 12)
    expect(second.trace).toBeUndefined()
    expect(rollouts[0].samples[0].trace).toBeUndefined()
  })

  it('know the entropies of their earlier tokens: EDT of the sequence differs from EDT from the second token on', async () => {
    const settings = { t0: 1, theta: 3 }
    const { rollouts } = await runRollouts(
      markovModel(),
      exampleJob({
        rollouts: (['edt', 'edt-sequence'] as const).map((name) => ({
          strategy: { name, ...settings },
          truncation: {},
          samples: 4,
          trace: true,
        })),
      }),
    )
    const [token, sequence] = rollouts.map(({ samples }) => samples[0].trace!)
    expect(sequence[0]).toEqual(token[0])
    const mean = (sequence[0].entropy + sequence[1].entropy) / 2
    expect(sequence[1].temperature).toBeCloseTo(0.8 ** (3 / mean), 12)
  })

  it('tell what drawing them took where that is asked for', async () => {
    const job = exampleJob({ rollouts: [edtRollout(1, 1)] })
    const { usage, rollouts } = await runRollouts(markovModel(), { ...job, measure: true })
    expect(usage!.seconds).toBeGreaterThan(0)
    expect(usage!.processorSeconds).toBeGreaterThan(0)
    expect(usage!.peakMemoryBytes).toBeGreaterThan(1e7)
    const words = rollouts[0].samples.reduce((sum, { tokenCount }) => sum + tokenCount, 0)
    // The end token is drawn, too.
    expect(usage!.tokens).toBeGreaterThanOrEqual(words)
    expect(usage!.tokens).toBeLessThanOrEqual(words + rollouts[0].samples.length)
    expect((await runRollouts(markovModel(), job)).usage).toBeUndefined()
  })

  it('may be none: features alone', async () => {
    const result = await runRollouts(markovModel(), exampleJob({ rollouts: [], wantFeatures: true }))
    expect(result.rollouts).toEqual([])
    expect(result.features?.names.length).toBeGreaterThan(10)
  })
})
