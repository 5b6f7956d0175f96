import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RolloutRunner } from '../collect/types.js'
import { ablate } from './ablate.js'
import type { AblateOptions } from './options.js'
import { everyStrategy } from './strategies/index.js'
import { type SyntheticRunner, syntheticRunner, syntheticTasks, syntheticTuner } from './testing/synthetic.js'

let outDir: string
beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'edt-ablate-full-'))
})
afterEach(() => rm(outDir, { recursive: true }))

/** Every strategy, tuned; curves; costs. */
function options(changes: Partial<AblateOptions> & { runner?: SyntheticRunner } = {}): AblateOptions {
  return {
    tuner: syntheticTuner(),
    tasks: syntheticTasks(12),
    runner: syntheticRunner(),
    outDir,
    strategies: ['all'],
    samples: 5,
    tunePrompts: 9,
    oraclePrompts: 0,
    curvePrompts: 12,
    timingPrompts: 3,
    openTimingRunner: timingRunner,
    taskTuner: async (task) => ({ ...syntheticTuner({ trust: 0.5 }), name: task }),
    resamples: 200,
    ...changes,
  }
}

function timingRunner(): RolloutRunner {
  return { ...syntheticRunner(), close: async () => undefined }
}

const recordsOf = async (purpose: string) =>
  (await readFile(join(outDir, 'rollouts.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((record) => record.purpose === purpose)

describe('an ablation of everything', () => {
  it('compares every strategy, each with its budget, on the same prompts', async () => {
    const { overall, settings } = await ablate(options())
    expect(overall.strategies.map(({ id }) => id)).toEqual(everyStrategy.map(({ id }) => id))
    for (const { id, tuning } of overall.strategies) {
      const tunable = everyStrategy.find((strategy) => strategy.id === id)!.settings !== undefined
      expect(tuning === undefined, id).toBe(!tunable)
      if (tuning !== undefined) expect(tuning).toMatchObject({ settings: 35, prompts: 9, samples: 35 * 9 * 5 })
    }
    expect(settings).toMatchObject({ tuning: { prompts: 9, samples: 5 }, curvePrompts: 12, timingPrompts: 3 })
  })

  it('tunes on training prompts, by corpus EDA with Q* and D* of the tuner', async () => {
    const tuner = syntheticTuner()
    const { overall } = await ablate(options({ tuner }))
    const records = await recordsOf('tuning')
    expect(new Set(records.map(({ prompt }) => prompt.split('/')[1]))).toEqual(new Set(['train']))
    const ofTopP = records.filter(({ rollouts }) => Object.keys(rollouts)[0].startsWith('top-p: '))
    expect(ofTopP).toHaveLength(9)
    const edaOf = (name: string) => {
      const mean = (of: 'quality' | 'selfBleu', star: 'bestQuality' | 'worstSelfBleu') =>
        ofTopP.reduce(
          (sum, { prompt, rollouts }) => sum + rollouts[name][of] / tuner.references[prompt.split('/')[0]][star] / 9,
          0,
        )
      return 100 * Math.sqrt(((1 - mean('quality', 'bestQuality')) ** 2 + mean('selfBleu', 'worstSelfBleu') ** 2) / 2)
    }
    const edas = Object.fromEntries(Object.keys(ofTopP[0].rollouts).map((name) => [name, edaOf(name)]))
    const least = Math.min(...Object.values(edas))
    const { setting, tuning } = overall.strategies.find(({ id }) => id === 'top-p')!
    expect(edas[`top-p: ${setting}`]).toBe(least)
    expect(tuning!.eda).toBeCloseTo(least, 9)
  })

  it('corrects p for all strategies that are compared with the baseline', async () => {
    const { overall } = await ablate(options())
    const versus = overall.strategies.flatMap(({ versus }) => versus['best-fixed-edt'] ?? [])
    expect(versus).toHaveLength(overall.strategies.length - 1)
    for (const { p, pHolm } of versus) expect(pHolm).toBeGreaterThanOrEqual(p)
    const smallest = versus.reduce((least, next) => (next.p < least.p ? next : least))
    expect(smallest.pHolm).toBeCloseTo(Math.min(1, smallest.p * versus.length), 12)
  })

  it('shows the tokens of the first sample with their temperatures', async () => {
    const { examples } = await ablate(options())
    for (const { learned, compared } of examples) {
      for (const { tokens, texts } of [learned, compared]) {
        expect(tokens.map(({ text }) => text).join('')).toBe(texts[0])
        expect(tokens[0].temperature).toBeGreaterThan(0)
      }
      expect(compared.label).toBe('best fixed temperature')
    }
  })

  it('measures speed and memory of each strategy alone, as a ratio to the fixed temperature', async () => {
    let opened = 0
    const openTimingRunner = () => {
      opened++
      return timingRunner()
    }
    const first = await ablate(options({ openTimingRunner }))
    const kld = first.overall.strategies.find(({ id }) => id === 'kld')!
    expect(kld).toMatchObject({ tokensPerSecond: 200, relativeSpeed: 0.5, peakMemoryBytes: 2e8, peakCacheBytes: 2e6 })
    const fixed = first.overall.strategies.find(({ id }) => id === 'fixed-temperature')!
    expect(fixed.relativeSpeed).toBe(1)
    expect(first.tasks.answer.strategies[0].tokensPerSecond).toBeUndefined()
    // One process for speed, one for the memory of each strategy.
    expect(opened).toBe(1 + first.overall.strategies.length)
    expect(await ablate(options({ openTimingRunner }))).toEqual(first)
    expect(opened).toBe(1 + first.overall.strategies.length)
  })

  it('draws the learned curve above the fixed ones, rising with the balance', async () => {
    const { curves } = await ablate(options({ tasks: syntheticTasks(40), curvePrompts: 120 }))
    const { overall, tasks } = curves!
    expect(overall.prompts).toBe(120)
    expect(overall.curves.map(({ id }) => id)).toEqual(['learned-edt', 'fixed-edt', 'fixed-temperature'])
    expect(overall.curves[0].points.map(({ parameter }) => parameter)).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
    ])
    expect(overall.curves[2].points).toHaveLength(15)
    for (const { area } of overall.areas) expect(area.interval[0]).toBeGreaterThan(0)
    expect(overall.monotonicity!.quality.rises).toBe(true)
    expect(overall.monotonicity!.selfBleu.rises).toBe(true)
    expect(Object.keys(tasks)).toEqual(['answer', 'summarize', 'translate-fr'])
    expect(tasks.answer.prompts).toBe(40)
  })

  it('has no learned curve for a tuner of a single balance', async () => {
    const tuner = { ...syntheticTuner(), balanceRange: [0.5, 0.5] as const }
    const { curves } = await ablate(options({ tuner }))
    expect(curves!.overall.curves.map(({ id }) => id)).toEqual(['fixed-edt', 'fixed-temperature'])
    expect(curves!.overall.areas).toEqual([])
  })

  it('resumes after every kind of failure and ends with the same numbers', async () => {
    const undisturbed = await ablate(options())
    const jobs = 36 + 8 * 9 + 36 + 12 + 3
    await rm(outDir, { recursive: true })
    const all: string[] = []
    for (const failAfter of [20, 30, 40, 50, 40, 9, 7]) {
      const runner = syntheticRunner({ failAfter })
      await ablate(options({ runner })).catch((error) => expect(error.message).toBe('the power failed'))
      all.push(...runner.done)
    }
    const runner = syntheticRunner({ reverse: true })
    expect(await ablate(options({ runner }))).toEqual(undisturbed)
    all.push(...runner.done)
    expect(all).toHaveLength(jobs)
  })

  it('draws only what is new when a strategy joins a finished ablation', async () => {
    await ablate(options({ strategies: ['greedy'] }))
    const runner = syntheticRunner()
    const more = await ablate(options({ strategies: ['greedy', 'min-p'], runner }))
    expect(runner.done.filter((job) => job.includes('/train/'))).toHaveLength(9)
    expect(runner.done.filter((job) => job.includes('/test/') && job.endsWith('× 1'))).toHaveLength(36)
    await rm(outDir, { recursive: true })
    expect((await ablate(options({ strategies: ['greedy', 'min-p'] }))).overall).toEqual(more.overall)
  })

  it('draws a strategy anew when more training prompts give it another setting, and keeps the others', async () => {
    await ablate(options({ tunePrompts: 3 }))
    const runner = syntheticRunner()
    const more = await ablate(options({ tunePrompts: 12, runner }))
    // Nine more training prompts for each strategy with settings, and not one job of a strategy's own for those whose setting stayed.
    expect(runner.done.filter((job) => job.includes('/train/'))).toHaveLength(8 * 9)
    const redrawn = runner.done.filter((job) => job.includes('/test/')).map((job) => Number(job.split(' × ')[1]))
    expect(Math.max(...redrawn)).toBeLessThan(everyStrategy.length)
    await rm(outDir, { recursive: true })
    expect((await ablate(options({ tunePrompts: 12 }))).overall).toEqual(more.overall)
  })

  it('leaves out training prompts that do not fit into the context', async () => {
    const overflows = (promptId: string) => promptId === 'answer/train/1'
    const { overall } = await ablate(options({ runner: syntheticRunner({ overflows }) }))
    expect(overall.strategies.find(({ id }) => id === 'min-p')!.tuning!.prompts).toBe(8)
  })

  it('says what to do with the folder of an older version', async () => {
    await ablate(options())
    const path = join(outDir, 'settings.json')
    const { format: _, ...old } = JSON.parse(await readFile(path, 'utf8'))
    await writeFile(path, JSON.stringify(old))
    await expect(ablate(options())).rejects.toThrow(
      'the ablation in this folder has format 1, but this version of edt-tuner reads and writes format 3; delete the folder',
    )
  })
})
