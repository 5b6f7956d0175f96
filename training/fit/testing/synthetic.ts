import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { FEATURE_VERSION } from '../../../src/features/index.js'
import type { SplitName } from '../../../src/tasks/types.js'
import type { Grid, PromptSurface, SurfaceSet } from '../../types.js'

/** The grid of `edt collect`'s defaults. */
export const syntheticGrid: Grid = { t0: [0.2, 0.5, 0.8, 1, 1.3, 1.7, 2.2], theta: [0, 0.5, 1.5, 3, 6] }

export interface SyntheticOptions {
  seed: number
  /** Prompts of each split, per task. */
  prompts: Partial<Record<SplitName, number>>
  /** How many of the five tasks. @default 5 */
  tasks?: number
  /** Correlation of a telling feature with the property of the prompt that it tells of, 0 … 1. @default 0.7 */
  telling?: number
  /** Features that tell nothing, besides the ten telling ones. @default 20 */
  nuisance?: number
  /** False: no feature tells anything, not even the task. @default true */
  informative?: boolean
  /** Samples a cell. @default 5 */
  samples?: number
  grid?: Grid
}

export interface SyntheticSurfaces {
  /** As a store would hold them: with the noise of `samples` samples a cell. */
  noisy: SurfaceSet
  /** The same prompts with the true expected values. */
  truth: SurfaceSet
}

interface TaskProfile {
  name: string
  /** Mean of ln(entropy) over prompts, quality of the greedy answer (0–100), and how fast quality falls with temperature. */
  logEntropy: number
  quality: number
  fragility: number
}

const profiles: TaskProfile[] = [
  { name: 'answer', logEntropy: -0.2, quality: 30, fragility: 0.5 },
  { name: 'describe', logEntropy: 0.9, quality: 18, fragility: 0.12 },
  { name: 'summarize', logEntropy: 0.3, quality: 36, fragility: 0.4 },
  { name: 'translate-de', logEntropy: 0.5, quality: 14, fragility: 0.25 },
  { name: 'translate-fr', logEntropy: 0.6, quality: 17, fragility: 0.22 },
]

/** Entropies of an answer's positions, relative to the prompt's own level, and how many positions are like that. */
const positions = [
  { entropy: 0.05, share: 0.35 },
  { entropy: 0.4, share: 0.3 },
  { entropy: 1.2, share: 0.2 },
  { entropy: 2.5, share: 0.15 },
]

/**
 * Surfaces that look like real ones, with known truth. A prompt has a level of entropy, a quality and a fragility; its answers have sure and
 * unsure positions. Temperature at a sure position costs quality and buys little diversity, at an unsure one it buys diversity: so the best
 * (T0, θ) differs from prompt to prompt. Ten features tell of these properties (bent by a tanh, with noise), the others of nothing.
 * The noise of a cell has the size of a mean of `samples` samples and is correlated between neighbouring cells, as common random numbers make it.
 */
export function syntheticSurfaces(options: SyntheticOptions): SyntheticSurfaces {
  const { tasks = 5, telling = 0.7, nuisance = 20, informative = true, samples = 5, grid = syntheticGrid } = options
  const normal = normals(options.seed)
  const noisy: PromptSurface[] = []
  const truth: PromptSurface[] = []
  for (const [taskIndex, profile] of profiles.slice(0, tasks).entries()) {
    for (const [split, count] of Object.entries(options.prompts) as [SplitName, number][]) {
      for (let i = 0; i < count; i++) {
        const traits = { entropy: normal(), quality: normal(), fragility: normal() }
        const features = observe(normal, taskIndex, traits, telling, nuisance, informative)
        const { quality, selfBleu } = trueSurface(grid, profile, traits)
        const shared = { promptId: `${profile.name}-${split}-${i}`, task: profile.name, split, features }
        truth.push({ ...shared, quality, selfBleu })
        noisy.push({
          ...shared,
          quality: withNoise(normal, grid, quality, samples, (value) => 2 + 0.7 * value),
          selfBleu: withNoise(normal, grid, selfBleu, samples, (value) => 1 + 0.9 * Math.sqrt(value * (100 - value))),
        })
      }
    }
  }
  const shared = {
    grid,
    featureVersion: FEATURE_VERSION,
    featureNames: Array.from({ length: 10 + nuisance }, (_, i) => `prompt.synthetic_${i}`),
    signatures: Object.fromEntries(profiles.slice(0, tasks).map(({ name }) => [name, `synthetic|n:${samples}`])),
    samples,
  }
  return { noisy: { ...shared, surfaces: noisy }, truth: { ...shared, surfaces: truth } }
}

interface Traits {
  entropy: number
  quality: number
  fragility: number
}

function trueSurface(grid: Grid, profile: TaskProfile, traits: Traits) {
  const level = Math.exp(profile.logEntropy + 0.55 * traits.entropy)
  const best = Math.min(90, profile.quality * Math.exp(0.6 * traits.quality))
  const fragility = profile.fragility * Math.exp(0.7 * traits.fragility)
  const quality: number[] = []
  const selfBleu: number[] = []
  for (const t0 of grid.t0) {
    for (const theta of grid.theta) {
      let damage = 0
      let agreement = 0
      for (const { entropy, share } of positions) {
        const h = entropy * level
        const temperature = t0 * 0.8 ** (theta / h)
        damage += share * temperature ** 2.5 * (0.25 + 1.2 * Math.exp(-2 * h))
        agreement += share * Math.exp(-0.7 * h * temperature ** 1.3)
      }
      quality.push(best * Math.exp(-fragility * damage))
      selfBleu.push(100 * agreement ** 2.2)
    }
  }
  return { quality: Float32Array.from(quality), selfBleu: Float32Array.from(selfBleu) }
}

function observe(
  normal: () => number,
  task: number,
  traits: Traits,
  telling: number,
  nuisance: number,
  informative: boolean,
): Float32Array {
  const tells = [
    traits.entropy,
    traits.quality,
    traits.fragility,
    traits.entropy - traits.fragility,
    traits.entropy * traits.fragility,
  ]
  const values = [
    ...tells.map((trait) => Math.tanh(telling * trait + Math.sqrt(1 - telling ** 2) * normal())),
    ...profiles.map((_, i) => (i === task ? 1 : 0) + 0.3 * normal()),
    ...Array.from({ length: nuisance }, () => normal()),
  ]
  return Float32Array.from(informative ? values : values.map(() => normal()))
}

/** Noise of a mean of `samples` samples: a part for the whole prompt, a part that changes slowly over the grid, a part of each cell. */
function withNoise(
  normal: () => number,
  grid: Grid,
  values: Float32Array,
  samples: number,
  deviation: (value: number) => number,
): Float32Array {
  const [whole, alongT0, alongTheta] = [normal(), normal(), normal()]
  const rows = grid.theta.length
  const columns = grid.t0.length
  return values.map((value, cell) => {
    const x = (2 * Math.floor(cell / rows)) / Math.max(1, columns - 1) - 1
    const y = (2 * (cell % rows)) / Math.max(1, rows - 1) - 1
    const noise = 0.6 * whole + 0.5 * (alongT0 * x + alongTheta * y) + 0.5 * normal()
    return Math.min(100, Math.max(0, value + (deviation(value) / Math.sqrt(samples)) * noise))
  })
}

/** Standard normal numbers by Box and Muller. */
function normals(seed: number): () => number {
  const random = xoroshiro128plus(seed)
  return () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random))
}
