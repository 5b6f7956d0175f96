import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eda } from '../../src/metrics/index.js'
import { ablate } from './ablate.js'
import type { AblateOptions, AblationProgress } from './options.js'
import type { Strategy } from './strategies/index.js'
import { type SyntheticRunner, syntheticRunner, syntheticTasks, syntheticTuner } from './testing/synthetic.js'

let outDir: string
beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'edt-ablate-'))
})
afterEach(() => rm(outDir, { recursive: true }))

/** A small ablation; `runner` and anything else may be replaced. */
function options(changes: Partial<AblateOptions> & { runner?: SyntheticRunner } = {}): AblateOptions {
  return {
    tuner: syntheticTuner(),
    tasks: syntheticTasks(6),
    runner: syntheticRunner(),
    outDir,
    samples: 5,
    oraclePrompts: 6,
    oracleSamples: 20,
    tunePrompts: 0,
    curvePrompts: 0,
    timingPrompts: 0,
    resamples: 200,
    ...changes,
  }
}

/** A strategy of the caller's own. */
const hot: Strategy = {
  id: 'hot',
  label: 'hot',
  byDefault: false,
  ready: ({ truncation }) => ({
    setting: 'T 2',
    samplingFor: () => ({ strategy: { name: 'fixed', temperature: 2 }, truncation }),
  }),
}

const journal = () => join(outDir, 'rollouts.jsonl')

describe('ablate', () => {
  it('finds that a tuner which knows the prompts is ahead of the best fixed EDT and behind nobody but the oracle', async () => {
    const result = await ablate(
      options({ tasks: syntheticTasks(40), oraclePrompts: 60, oracleSamples: 32, samples: 10 }),
    )
    const { strategies, headroom } = result.overall
    expect(strategies.map(({ id }) => id)).toEqual([
      'greedy',
      'fixed-temperature',
      'hand-set-edt',
      'best-fixed-edt',
      'best-fixed-edt-per-task',
      'learned-edt',
    ])
    const learned = strategies.find(({ id }) => id === 'learned-edt')!
    const versus = learned.versus['best-fixed-edt']
    expect(versus.interval[1]).toBeLessThan(0)
    expect(versus.p).toBeLessThan(0.05)
    expect(Math.min(...strategies.map(({ eda }) => eda.value))).toBe(learned.eda.value)
    expect(headroom!.prompts).toBe(60)
    expect(headroom!.headroom).toBeGreaterThan(0)
    expect(headroom!.optimisticEda).toBeLessThan(headroom!.oracle.eda.value)
    expect(headroom!.share).toBeGreaterThan(0.3)
    expect(headroom!.share).toBeLessThan(1.2)
  })

  it('computes EDA, corpus BLEU and the means of each task from the samples themselves', async () => {
    const result = await ablate(options())
    const samples = (await readFile(journal(), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ purpose, prompt }) => purpose === 'strategies' && prompt.startsWith('translate-fr/'))
      .map(({ rollouts }) => rollouts['best-fixed-edt'])
    expect(samples).toHaveLength(6)
    const mean = (of: 'quality' | 'selfBleu') => samples.reduce((sum, rollout) => sum + rollout[of], 0) / 6
    const scope = result.tasks['translate-fr']
    const scores = scope.strategies.find(({ id }) => id === 'best-fixed-edt')!
    expect(scores.quality.value).toBeCloseTo(mean('quality'), 9)
    expect(scores.selfBleu.value).toBeCloseTo(mean('selfBleu'), 9)
    const direct = eda({ quality: mean('quality'), selfBleu: mean('selfBleu'), ...scope.reference })
    expect(scores.eda.value).toBeCloseTo(direct.score, 9)
    for (const { value, interval } of [scores.quality, scores.selfBleu, scores.eda]) {
      expect(interval[0]).toBeLessThanOrEqual(value)
      expect(interval[1]).toBeGreaterThanOrEqual(value)
    }
    expect(scores.corpusBleu).toBeGreaterThan(0)
    expect(scores.length).toBe(8)
    expect(scores.entropy).toBeCloseTo(1.2, 12)
    expect(result.tasks.answer.strategies[0].corpusBleu).toBeUndefined()
    expect(result.settings.signatures['translate-fr'].corpusBleu).toContain('smooth:exp')
    expect(result.overall.reference).toEqual({ bestQuality: 100, worstSelfBleu: 100 })
  })

  it('writes its result beside the rollouts, as JSON that says the same', async () => {
    const result = await ablate(options())
    expect(JSON.parse(await readFile(join(outDir, 'ablation.json'), 'utf8'))).toEqual(result)
    expect(result.settings.signatures.answer.quality).toBe('rougeL|synthetic')
    expect(result.settings.prompts).toEqual({ answer: 6, summarize: 6, 'translate-fr': 6 })
    expect(result.examples).toHaveLength(3)
    expect(result.examples.map(({ reason }) => reason)).toEqual([
      'lowest predicted T0',
      'median predicted T0',
      'highest predicted T0',
    ])
  })

  it('resumes after a failure without doing a job twice and ends with the same numbers', async () => {
    const undisturbed = await ablate(options())
    await rm(outDir, { recursive: true })
    const all: string[] = []
    for (const failAfter of [3, 5, 17]) {
      const runner = syntheticRunner({ failAfter })
      await expect(ablate(options({ runner }))).rejects.toThrow('the power failed')
      all.push(...runner.done)
    }
    const runner = syntheticRunner({ reverse: true })
    expect(await ablate(options({ runner }))).toEqual(undisturbed)
    all.push(...runner.done)
    expect(new Set(all).size).toBe(all.length)
    expect(all).toHaveLength(18 + 18 + 6 + 3)
    const again = syntheticRunner()
    expect(await ablate(options({ runner: again }))).toEqual(undisturbed)
    expect(again.done).toEqual([])
  })

  it('drops the line that a killed process left unfinished, and does that job again', async () => {
    const undisturbed = await ablate(options())
    const content = await readFile(journal())
    await truncate(journal(), content.length - 100)
    const runner = syntheticRunner()
    expect(await ablate(options({ runner }))).toEqual(undisturbed)
    expect(runner.done).toHaveLength(1)
    expect((await readFile(journal())).equals(content)).toBe(true)
  })

  it('names file and line of a damaged record', async () => {
    await ablate(options())
    await appendFile(journal(), '{"kind":"skipped","prompt":"answer/test/0"}\n')
    await expect(ablate(options())).rejects.toThrow(/rollouts\.jsonl:47: field "job": /)
  })

  it.each([
    ['samples', { samples: 6 }, 'samples 5, but 6 is asked for'],
    ['seed', { seed: 1 }, 'seed 0, but 1 is asked for'],
    ['truncation', { truncation: { topP: 0.9 } }, 'truncation.topP 0.95, but 0.9 is asked for'],
  ] satisfies [string, Partial<AblateOptions>, string][])(
    'refuses to mix results of different %s',
    async (_, changes, message) => {
      await ablate(options())
      await expect(ablate(options(changes))).rejects.toThrow(message)
    },
  )

  it('shares a journal between tuners: only what another tuner chooses is drawn, and nothing of the first is lost', async () => {
    const journals = join(outDir, 'journals')
    const shared = (name: string, changes: Parameters<typeof options>[0] = {}) =>
      options({ outDir: join(outDir, name), journals, ...changes })
    const other = syntheticTuner({ trust: 0.5 })
    const first = await ablate(shared('first'))
    const runner = syntheticRunner()
    const second = await ablate(shared('second', { tuner: other, runner }))
    expect(second).not.toEqual(first)
    expect(second).toEqual(await ablate(options({ outDir: join(outDir, 'alone'), tuner: other })))
    const drawn = runner.done.map((job) => Number(job.split(' × ')[1]))
    expect(Math.max(...drawn)).toBe(1)
    const again = syntheticRunner()
    expect(await ablate(shared('first', { runner: again }))).toEqual(first)
    expect(again.done).toEqual([])
    await ablate(shared('third', { samples: 6 }))
    expect(await readdir(journals)).toHaveLength(2)
  })

  it('refuses a prompt that was changed since its rollouts were stored', async () => {
    const tasks = syntheticTasks(6, ['answer'])
    await ablate(options({ tasks }))
    const { examples } = tasks[0]
    tasks[0].examples = async (...args) =>
      (await examples(...args)).map((example) => ({ ...example, references: ['x'] }))
    await expect(ablate(options({ tasks }))).rejects.toThrow(/prompt answer\/test\/0 is not the one/)
  })

  it('takes more prompts into a finished ablation', async () => {
    await ablate(options({ limit: 3 }))
    const runner = syntheticRunner()
    const more = await ablate(options({ limit: 6, runner }))
    // Features and strategies of nine more prompts, and the examples, which are other ones now.
    expect(runner.done.filter((job) => !job.endsWith('× 2'))).toHaveLength(9 + 9)
    await rm(outDir, { recursive: true })
    expect(more).toEqual(await ablate(options({ limit: 6 })))
  })

  it('leaves prompts out that do not fit into the context, and says which', async () => {
    const overflows = (promptId: string) => promptId.endsWith('/2')
    const runner = syntheticRunner({ overflows })
    const result = await ablate(options({ runner }))
    expect(result.skipped).toEqual(['answer/test/2', 'summarize/test/2', 'translate-fr/test/2'])
    expect(result.overall.prompts).toBe(15)
    const again = syntheticRunner({ overflows })
    expect(await ablate(options({ runner: again }))).toEqual(result)
    expect(again.done).toEqual([])
  })

  it("takes strategies of the caller's own, and leaves the oracle out when told to", async () => {
    const result = await ablate(options({ oraclePrompts: 0, strategies: ['greedy', hot] }))
    expect(result.overall.strategies.map(({ id }) => id)).toEqual(['greedy', 'best-fixed-edt', 'learned-edt', 'hot'])
    expect(result.overall.headroom).toBeUndefined()
    const own = result.overall.strategies.find(({ id }) => id === 'hot')!
    expect(own.temperature).toBeCloseTo(1.94)
    expect(own.versus['best-fixed-edt'].difference).toBeGreaterThan(0)
  })

  it('maps EDA over the grid from the surfaces that the tuner was trained on', async () => {
    const result = await ablate(options({ tasks: syntheticTasks(6, ['answer']) }))
    expect(Object.keys(result.surfaces)).toEqual(['answer'])
    expect(result.surfaces.answer).toMatchObject({ source: 'training', prompts: 40 })
    expect(result.surfaces.answer.quality).toHaveLength(35)
  })

  it('tells how far it is, phase by phase', async () => {
    const progress: AblationProgress[] = []
    await ablate(options({ onProgress: (state) => progress.push(state) }))
    expect(progress[0]).toEqual({ phase: 'features', done: 0, total: 18 })
    expect(progress.at(-1)).toEqual({ phase: 'examples', done: 3, total: 3 })
    expect(progress).toHaveLength(19 + 19 + 7 + 4)
  })

  it('stops when aborted, keeps what is done, and can go on', async () => {
    const controller = new AbortController()
    const onProgress = ({ phase, done }: AblationProgress) => {
      if (phase === 'strategies' && done === 4) controller.abort(new Error('enough'))
    }
    await expect(ablate(options({ signal: controller.signal, onProgress }))).rejects.toThrow('enough')
    const runner = syntheticRunner()
    await ablate(options({ runner }))
    expect(runner.done).toHaveLength(14 + 6 + 3)
  })

  it.each([
    [{ samples: 4 }, 'samples must be a whole number of at least 5, but is 4. Self-BLEU compares groups of 5 samples.'],
    [{ oracleSamples: 9 }, 'oracleSamples must be a whole number of at least 10, but is 9.'],
    [{ resamples: 10 }, 'resamples must be a whole number of at least 40, but is 10.'],
    [{ tasks: [] }, 'tasks must be at least one task'],
    [{ tasks: syntheticTasks(2, ['answer', 'answer']) }, 'tasks must be tasks of different names'],
  ] satisfies [Partial<AblateOptions>, string][])('refuses %o', async (changes, message) => {
    await expect(ablate(options(changes))).rejects.toThrow(message)
  })

  it('names the tasks of the tuner when it is judged on another', async () => {
    const tuner = syntheticTuner()
    const { answer, summarize } = tuner.references
    await expect(ablate(options({ tuner: { ...tuner, references: { answer, summarize } } }))).rejects.toThrow(
      'The tuner synthetic has no Q*, D* and best cell for the task translate-fr; it was trained on answer, summarize.',
    )
  })

  it('refuses a tuner whose Q* or D* EDA cannot be divided by', async () => {
    const tuner = syntheticTuner()
    const references = { ...tuner.references, answer: { bestQuality: 50, worstSelfBleu: 0 } }
    await expect(ablate(options({ tuner: { ...tuner, references } }))).rejects.toThrow(
      "the tuner's worstSelfBleu of answer must be above 0, but is 0.",
    )
  })

  it('says that settings.json is not its own when it is not', async () => {
    await writeFile(join(outDir, 'settings.json'), 'not json')
    await expect(ablate(options())).rejects.toThrow(/settings\.json: expected the settings of an ablation/)
  })
})
