import { normalizedEda } from '../surfaces/normalized-eda.js'
import type { BootstrapOptions } from './bootstrap.js'
import { shareOfHeadroom } from './headroom.js'
import { mean } from './mean.js'
import { chooseCells, means } from './oracle.js'
import type { RolloutScores } from './records.js'
import { scoreScope } from './scope.js'
import type { HeadroomResult, TaskReference } from './types.js'

/** With fewer prompts the bootstrap's intervals are known to be too narrow (Efron & Tibshirani 1993, ch. 13). */
const FEW_PROMPTS = 20

/** One prompt's oracle rollouts. */
export interface OracleScores {
  /** In the order of the grid. */
  cells: RolloutScores[]
  bestFixed: RolloutScores
  learned: RolloutScores
}

/** A number for each half of a prompt's samples. */
type Halves = readonly [first: number, second: number]

/** Normalised scores of one setting, by half. */
interface HalvedScores {
  quality: Halves
  selfBleu: Halves
}

/** One prompt's oracle rollouts, normalised by its task's Q* and D* and split in two halves of samples. */
export interface HalvedPrompt {
  task: string
  cells: HalvedScores[]
  bestFixed: HalvedScores
  learned: HalvedScores
}

/**
 * Splits samples in two halves of whole Self-BLEU groups, so that no sample is in a group with one of the other half. What does not fill a
 * group counts for the second half's quality: 32 samples in groups of 5 are 15 and 17.
 */
export function halvePrompt(
  task: string,
  { cells, bestFixed, learned }: OracleScores,
  reference: TaskReference,
  selfBleuGroup: number,
): HalvedPrompt {
  const halve = ({ quality, selfBleu }: RolloutScores): HalvedScores => {
    const groups = Math.floor(selfBleu.length / 2)
    const samples = groups * selfBleuGroup
    const { bestQuality, worstSelfBleu } = reference
    return {
      quality: [mean(quality.slice(0, samples)) / bestQuality, mean(quality.slice(samples)) / bestQuality],
      selfBleu: [mean(selfBleu.slice(0, groups)) / worstSelfBleu, mean(selfBleu.slice(groups)) / worstSelfBleu],
    }
  }
  return { task, cells: cells.map(halve), bestFixed: halve(bestFixed), learned: halve(learned) }
}

/**
 * The honest oracle and the share of its headroom (DESIGN §1). Cells are chosen on the first half of the samples and scored on the second,
 * then the other way round; a prompt's oracle score is the mean of the two. Both are scores of a policy on samples that it did not see, so their
 * mean is too: it is the policy that tosses a coin between the two choices. Best fixed and learned are scored on the same samples.
 *
 * In the bootstrap the choices stay as they are and prompts are resampled.
 *
 * @param prompts at least two, since one has no spread
 */
export function evaluateHeadroom(
  prompts: readonly HalvedPrompt[],
  reference: TaskReference,
  options: BootstrapOptions,
): HeadroomResult {
  const surfaces = ([0, 1] as const).map((half) =>
    prompts.map(({ cells }) => ({
      quality: cells.map(({ quality }) => quality[half]),
      selfBleu: cells.map(({ selfBleu }) => selfBleu[half]),
    })),
  )
  const [first, second] = surfaces.map((surface) => chooseCells(surface, options).cells)
  const oracle = (of: 'quality' | 'selfBleu') =>
    Float64Array.from(prompts, ({ cells }, i) => (cells[first[i]][of][1] + cells[second[i]][of][0]) / 2)
  const scores = scoreScope(
    {
      strata: prompts.map(({ task }) => task),
      strategies: {
        bestFixed: bothHalves(prompts, 'bestFixed'),
        learned: bothHalves(prompts, 'learned'),
        oracle: { quality: oracle('quality'), selfBleu: oracle('selfBleu') },
      },
    },
    reference,
    options,
  )
  const trio = <T>(of: Record<string, T>) => ({ bestFixed: of.bestFixed, learned: of.learned, oracle: of.oracle })
  const whole = prompts.map(({ cells }) => ({
    quality: cells.map(({ quality }) => mean(quality)),
    selfBleu: cells.map(({ selfBleu }) => mean(selfBleu)),
  }))
  const optimistic = means(whole, chooseCells(whole, options).cells)
  const share = shareOfHeadroom(trio(scores.observed), trio(scores.resampledEda))
  const few = `These are ${prompts.length} prompts, too few for an exact interval: take it as a rough one.`
  return {
    prompts: prompts.length,
    ...trio(scores.scores),
    ...share,
    ...(share.caution === undefined && prompts.length < FEW_PROMPTS ? { caution: few } : {}),
    optimisticEda: normalizedEda(...optimistic, options.weights),
  }
}

function bothHalves(prompts: readonly HalvedPrompt[], setting: 'bestFixed' | 'learned') {
  return {
    quality: Float64Array.from(prompts, (prompt) => mean(prompt[setting].quality)),
    selfBleu: Float64Array.from(prompts, (prompt) => mean(prompt[setting].selfBleu)),
  }
}
