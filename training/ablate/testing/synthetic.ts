import { randomStream } from '../../../src/sampling/random.js'
import type { RandomStream, StrategySpec, Truncation } from '../../../src/sampling/types.js'
import type { Example, QualityMetric, Task } from '../../../src/tasks/types.js'
import { cellCount, cellOf } from '../../../src/tuner/grid.js'
import type { RolloutOutcome, RolloutRunner } from '../../collect/types.js'
import { bestCells, meanSurfaces } from '../../surfaces/mean-surface.js'
import type { Grid, PromptSurface, Rollout, RolloutJob, RolloutSample, RolloutUsage, SurfaceSet } from '../../types.js'
import type { AblationTuner, TaskReference } from '../types.js'

export const syntheticGrid: Grid = { t0: [0.2, 0.5, 0.8, 1.0, 1.3, 1.7, 2.2], theta: [0, 0.5, 1.5, 3, 6] }

/** The scale of a task: its best quality, its Self-BLEU at temperature 0, and the temperature that suits its middling prompt. */
interface TaskShape {
  quality: number
  selfBleu: number
  heat: number
  metric: QualityMetric
}

export const taskShapes: Record<string, TaskShape> = {
  answer: { quality: 62, selfBleu: 95, heat: 0.9, metric: 'rougeL' },
  summarize: { quality: 38, selfBleu: 92, heat: 0.7, metric: 'rougeL' },
  'translate-fr': { quality: 27, selfBleu: 88, heat: 1.1, metric: 'bleu' },
}

/** How much a synthetic prompt differs from its task's middle: −1 … 1, hidden in its id and in its one feature. */
function easeOf(promptId: string): number {
  return randomStream(0, 'ease', promptId).next() * 2 - 1
}

/** The temperature above which a prompt's quality falls. */
function heatOf(task: string, promptId: string): number {
  return taskShapes[task].heat + 0.6 * easeOf(promptId)
}

/** The rule at an entropy of 1.2 nats, and a divergence of half a nat, stands for all tokens. */
function temperatureOf(strategy: StrategySpec): number {
  switch (strategy.name) {
    case 'greedy':
      return 0
    case 'fixed':
      return strategy.temperature
    case 'edt':
    case 'edt-sequence':
      return strategy.t0 * 0.8 ** (strategy.theta / 1.2)
    case 'dynatemp':
      return strategy.min + (strategy.max - strategy.min) * 0.15
    case 'kld':
      return strategy.temperature * 2 ** (-0.5 / strategy.bandwidth)
  }
}

/** A cut cools: what of the temperature is left. */
function warmthLeft({ topP = 0.95, minP = 0, topNSigma = 0 }: Truncation): number {
  return (0.4 + 0.6 * topP) * (1 - 0.5 * minP) * (topNSigma === 0 ? 1 : Math.min(1, 0.3 + topNSigma / 4))
}

/** Quality and Self-BLEU without noise: both fall as the temperature passes the prompt's own. */
export function trueScores(task: string, promptId: string, strategy: StrategySpec, truncation: Truncation = {}) {
  const temperature = temperatureOf(strategy) * warmthLeft(truncation)
  const shape = taskShapes[task]
  const heat = heatOf(task, promptId)
  const below = (at: number) => 1 / (1 + Math.exp(5 * (temperature - at)))
  return {
    temperature,
    quality: shape.quality * (0.1 + 0.9 * below(heat + 0.3)),
    selfBleu: shape.selfBleu * (0.05 + 0.95 * below(heat - 0.2)),
  }
}

/** Tasks whose examples say nothing in particular, `count` in every split. */
export function syntheticTasks(count: number, names = Object.keys(taskShapes)): Task[] {
  return names.map((name) => ({
    path: name,
    definition: {
      name,
      description: 'synthetic',
      template: '{source}',
      metric: taskShapes[name].metric,
      tokenize: '13a',
      maxNewTokens: 24,
      stop: ['\n'],
    },
    hasSplit: () => true,
    examples: async (split, limit = count) =>
      Array.from(
        { length: Math.min(limit, count) },
        (_, i): Example => ({
          id: `${i}`,
          prompt: `${name} ${split} ${i}:`,
          promptWithoutSource: ':',
          references: [words(randomStream(1, name, i), 8)],
        }),
      ),
  }))
}

const vocabulary =
  'the a package library tool for of and with Python files data network simple fast small graphical'.split(' ')

function words(random: RandomStream, count: number): string {
  return Array.from({ length: count }, () => vocabulary[Math.floor(random.next() * vocabulary.length)]).join(' ')
}

/** A tuner that reads a prompt's ease from its feature, with an error of `blur`, and heats by `trust` of it. */
export function syntheticTuner({ trust = 1, seed = 0 } = {}): AblationTuner {
  const training = syntheticSurfaces(40, seed)
  const surfaces = meanSurfaces(training.surfaces, 'training')
  const references: Record<string, TaskReference> = Object.fromEntries(
    Object.entries(surfaces).map(([task, { quality, selfBleu }]) => [
      task,
      { bestQuality: Math.max(...quality), worstSelfBleu: Math.max(...selfBleu) },
    ]),
  )
  return {
    name: 'synthetic',
    signature: `synthetic|trust:${trust}|seed:${seed}`,
    grid: syntheticGrid,
    references,
    bestCells: bestCells(syntheticGrid, surfaces, references),
    meanSurfaces: surfaces,
    balanceRange: [0.05, 0.95],
    // Half a unit of balance is worth as much heat as the whole range of ease.
    predict: ({ values }, { balance = 0.5 } = {}) => ({
      t0: Math.max(0.2, 1.05 + trust * 0.6 * values[0] - 1.2 * (balance - 0.5)),
      theta: 0.4 - 0.3 * values[0],
    }),
  }
}

/** Surfaces of training prompts, with noise. */
export function syntheticSurfaces(count: number, seed = 0): SurfaceSet {
  const surfaces = Object.keys(taskShapes).flatMap((task) =>
    Array.from({ length: count }, (_, i): PromptSurface => {
      const promptId = `${task}/train/${i}`
      const random = randomStream(seed, 'surface', promptId)
      const cells = Array.from({ length: cellCount(syntheticGrid) }, (_, cell) => {
        const { quality, selfBleu } = trueScores(task, promptId, { name: 'edt', ...cellOf(syntheticGrid, cell) })
        return { quality: quality * noise(random, 0.3), selfBleu: selfBleu * noise(random, 0.3) }
      })
      return {
        promptId,
        task,
        split: 'train',
        features: Float32Array.of(easeOf(promptId)),
        quality: Float32Array.from(cells, (cell) => cell.quality),
        selfBleu: Float32Array.from(cells, (cell) => cell.selfBleu),
      }
    }),
  )
  return { grid: syntheticGrid, featureVersion: 1, featureNames: ['ease'], signatures: {}, samples: 5, surfaces }
}

/** A factor around 1. */
function noise(random: RandomStream, size: number): number {
  return 1 + size * (2 * random.next() - 1)
}

export interface SyntheticRunner extends Pick<RolloutRunner, 'model' | 'outcomes'> {
  /** Jobs that were done, as `prompt × number of rollouts`. */
  done: string[]
}

export interface SyntheticRunnerOptions {
  /** Throw when this many jobs are done. */
  failAfter?: number
  /** Hand outcomes out in the opposite order. */
  reverse?: boolean
  /** Prompts that do not fit into the context. */
  overflows?: (promptId: string) => boolean
}

/** Does jobs without a language model: scores are {@link trueScores} with noise from the job's own random streams. */
export function syntheticRunner(options: SyntheticRunnerOptions = {}): SyntheticRunner {
  const done: string[] = []
  return {
    done,
    model: async () => ({
      id: 'synthetic',
      vocabularySize: 17,
      vocabularyHash: '0011223344556677',
      contextLength: 128,
      device: 'cpu',
      dtype: 'fp32',
    }),
    async *outcomes(jobs) {
      const all: RolloutJob[] = []
      for await (const job of jobs) all.push(job)
      if (options.reverse) all.reverse()
      for (const job of all) {
        if (done.length === options.failAfter) throw new Error('the power failed')
        done.push(`${job.promptId} × ${job.rollouts.length}`)
        yield outcomeOf(job, options.overflows?.(job.promptId) ?? false)
      }
    },
  }
}

function outcomeOf(job: RolloutJob, overflows: boolean): RolloutOutcome {
  const { promptId, wantFeatures, rollouts } = job
  if (overflows) return { promptId, overflow: { promptTokens: 120, maxNewTokens: 24, contextLength: 128 } }
  return {
    promptId,
    result: {
      promptId,
      promptTokenCount: 12,
      ...(wantFeatures ? { features: { version: 1, names: ['ease'], values: Float32Array.of(easeOf(promptId)) } } : {}),
      rollouts: rollouts.map((_, i) => rollout(job, i)),
      qualitySignature: `${job.metric}|synthetic`,
      selfBleuSignature: `n:${job.selfBleuGroup}|synthetic`,
      ...(job.measure ? { usage: usageOf(job) } : {}),
    },
  }
}

function rollout(job: RolloutJob, index: number): Rollout {
  const { strategy, truncation, samples: count, trace = false } = job.rollouts[index]
  const { temperature, quality, selfBleu } = trueScores(job.promptId.split('/')[0], job.promptId, strategy, truncation)
  const streams = Array.from({ length: count }, (_, i) => randomStream(job.seed, ...job.streamKeys, i))
  const samples = streams.map((random) => ({
    text: ` ${words(random, 6 + Math.floor(random.next() * 4))}`,
    tokenCount: 8,
    stopReason: 'stop-string',
    meanEntropy: 1.2,
    meanTemperature: temperature,
    quality: quality * noise(random, 0.5),
  }))
  const traced = samples.map((sample, i) => (trace && i === 0 ? { ...sample, trace: traceOf(sample) } : sample))
  const groups = Math.floor(count / job.selfBleuGroup)
  const selfBleuGroups = streams
    .filter((_, i) => i % job.selfBleuGroup === 0 && i < groups * job.selfBleuGroup)
    .map((random) => selfBleu * noise(random, 0.3))
  return {
    quality: samples.reduce((sum, sample) => sum + sample.quality, 0) / count,
    selfBleu: selfBleuGroups.reduce((sum, value) => sum + value, 0) / groups,
    selfBleuGroups,
    samples: traced,
  }
}

/** KLD takes twice the time and memory. */
function usageOf({ rollouts }: RolloutJob): RolloutUsage {
  const twice = rollouts.some(({ strategy }) => strategy.name === 'kld') ? 2 : 1
  return {
    seconds: 3 * twice,
    processorSeconds: twice,
    tokens: 400,
    peakMemoryBytes: twice * 1e8,
    peakCacheBytes: twice * 1e6,
  }
}

function traceOf({ text, meanEntropy, meanTemperature }: RolloutSample) {
  const tokens = text.split(/(?= )/)
  return tokens.map((token) => ({
    text: token,
    entropy: meanEntropy,
    temperature: meanTemperature,
    probability: 1 / tokens.length,
  }))
}
