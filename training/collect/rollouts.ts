import { InvalidOptionError } from '../../src/errors.js'
import { extractFeatures, observePrompt } from '../../src/features/index.js'
import { encodePrompt } from '../../src/lm/chat.js'
import { ContextOverflowError } from '../../src/lm/errors.js'
import { type DecodeProfile, newDecodeProfile } from '../../src/lm/profile.js'
import type { DecodedRow, EncodedPrompt, LanguageModel, Prefill } from '../../src/lm/types.js'
import { selfBleu } from '../../src/metrics/index.js'
import { createRule, createSampler, randomStream, type Sampler } from '../../src/sampling/index.js'
import type { Rollout, RolloutJob, RolloutResult, RolloutSpec, RolloutUsage, TracedToken } from '../types.js'
import { peakMemory } from './peak-memory.js'
import { type QualityScorer, qualityScorer } from './quality.js'

/**
 * Rows in flight at once. The default grid's 175 rows fit in: all cells of a prompt share its batches. Part of a run's
 * settings, since batches of other sizes round differently.
 */
export const ROLLOUT_ROWS = 256

export interface RolloutOptions {
  /** Most rows in flight; further rows wait. @default 256 */
  maxRows?: number
  signal?: AbortSignal
  /** Counters to add to, to see where the time goes. @example newRolloutProfile() */
  profile?: RolloutProfile
}

/** Where the time of rollouts goes; times in milliseconds of the process that draws them. */
export interface RolloutProfile extends DecodeProfile {
  /** Scores of the samples, and features. */
  score: number
}

export function newRolloutProfile(): RolloutProfile {
  return { ...newDecodeProfile(), score: 0 }
}

/**
 * Draws and scores all samples of one prompt: one prefill, one engine for this prompt alone, all rows put to it at once
 * and in a fixed order. So the result depends on the job and the model only, not on what ran before or beside it.
 * Rollouts whose samplers are equal share their rows; at temperature 0 one row stands for all samples.
 *
 * @throws {ContextOverflowError} when the prompt (or the prompt without its source) and the answer do not fit
 * @throws {InvalidOptionError} for a bad strategy, truncation or number of samples
 */
export async function runRollouts(
  model: LanguageModel,
  job: RolloutJob,
  options: RolloutOptions = {},
): Promise<RolloutResult> {
  const { text, tokenIds } = encodeOf(model, job.prompt, job)
  if (tokenIds.length + job.maxNewTokens > model.contextLength) {
    throw new ContextOverflowError(tokenIds.length, job.maxNewTokens, model.contextLength)
  }
  const { profile = newRolloutProfile() } = options
  const [started, idle] = [performance.now(), process.cpuUsage()]
  const prefill = await model.prefill(tokenIds, { surprisals: job.wantFeatures, profile })
  const { drawn, usage } = await drawSamples(model, job, prefill, { ...options, profile })
  const [scoring, { user, system }] = [performance.now(), process.cpuUsage(idle)]
  const times = { seconds: (scoring - started) / 1000, processorSeconds: (user + system) / 1e6 }
  const quality = qualityScorer(job.metric, job.references, job.tokenize)
  const scored = job.rollouts.map((spec, i) => scoreRollout(job, spec, drawn[i], quality))
  const result: RolloutResult = {
    promptId: job.promptId,
    promptTokenCount: tokenIds.length,
    ...(job.wantFeatures ? { features: extractFeatures(observePrompt(text, prefill)) } : {}),
    rollouts: scored.map(({ rollout }) => rollout),
    qualitySignature: quality.signature,
    selfBleuSignature: scored[0]?.selfBleuSignature ?? '',
    ...(job.measure ? { usage: { ...usage, ...times, peakMemoryBytes: peakMemory() } } : {}),
  }
  profile.score += performance.now() - scoring
  return result
}

/** Rows that differ in nothing but the sample's index. */
interface RowGroup {
  sampler: Sampler
  /** Rows to draw: 1 when every sample is the argmax. */
  rows: number
  /** Keep a trace of the first row. */
  trace: boolean
}

interface DrawnSamples {
  /** The samples of each rollout, in the order of the job's rollouts. */
  drawn: DecodedRow[][]
  usage: Pick<RolloutUsage, 'tokens' | 'peakCacheBytes'>
}

async function drawSamples(
  model: LanguageModel,
  job: RolloutJob,
  prefill: Prefill,
  { maxRows = ROLLOUT_ROWS, signal, profile }: RolloutOptions,
): Promise<DrawnSamples> {
  const groups = new Map<string, RowGroup>()
  const groupOfRollout = job.rollouts.map(({ strategy, truncation, samples, trace = false }) => {
    if (!Number.isInteger(samples) || samples < 1) {
      throw new InvalidOptionError('samples', 'a whole number ≥ 1', samples)
    }
    const rule = createRule(strategy)
    const sampler = createSampler({ rule, truncation })
    const group = groups.get(sampler.signature) ?? { sampler, rows: 0, trace: false }
    group.rows = rule.upperBound === 0 ? 1 : Math.max(group.rows, samples)
    group.trace ||= trace
    groups.set(sampler.signature, group)
    return group
  })
  const contrast = [...groups.values()].some((group) => group.sampler.needsContrast)
    ? await contrastPrefill(model, job, profile)
    : undefined
  const engine = model.engine({ maxRows, profile })
  // All rows are put to the engine before the first one is awaited, so that they start together.
  const decoded = await Promise.all(
    [...groups.values()].map((group) =>
      Promise.all(
        Array.from({ length: group.rows }, (_, sample) =>
          engine.decode({
            prefill,
            sampler: group.sampler,
            random: randomStream(job.seed, ...job.streamKeys, sample),
            maxNewTokens: job.maxNewTokens,
            contrast: group.sampler.needsContrast ? contrast : undefined,
            stopStrings: job.stop,
            trace: group.trace && sample === 0,
            signal,
          }),
        ),
      ),
    ),
  )
  const rowsOfGroup = new Map([...groups.values()].map((group, i) => [group, decoded[i]]))
  const drawn = groupOfRollout.map((group, i) => {
    const rows = rowsOfGroup.get(group)!
    return Array.from({ length: job.rollouts[i].samples }, (_, sample) => rows[Math.min(sample, rows.length - 1)])
  })
  const tokens = decoded.flat().reduce((sum, { steps }) => sum + steps, 0)
  return { drawn, usage: { tokens, peakCacheBytes: engine.peakCacheBytes ?? 0 } }
}

async function contrastPrefill(
  model: LanguageModel,
  job: RolloutJob,
  profile: RolloutProfile | undefined,
): Promise<Prefill> {
  if (job.promptWithoutSource === undefined) {
    throw new InvalidOptionError(
      'promptWithoutSource',
      'the prompt without its source, which a strategy of the job compares with',
      undefined,
    )
  }
  return model.prefill(encodeOf(model, job.promptWithoutSource, job).tokenIds, { surprisals: false, profile })
}

/** The chat template is put around a prompt here, by the process that has the model. */
function encodeOf(model: LanguageModel, prompt: string, { chat = false }: RolloutJob): EncodedPrompt {
  return encodePrompt(model, chat ? [{ role: 'user', content: prompt }] : prompt)
}

function scoreRollout(
  job: RolloutJob,
  { samples, trace: wantTrace }: RolloutSpec,
  rows: readonly DecodedRow[],
  quality: QualityScorer,
): { rollout: Rollout; selfBleuSignature: string } {
  const scored = rows.map((row, i) => ({
    text: row.text,
    tokenCount: row.tokenIds.length,
    stopReason: row.stopReason,
    meanEntropy: row.meanEntropy,
    meanTemperature: row.meanTemperature,
    quality: quality.score(row.text),
    ...(wantTrace && i === 0 ? { trace: tracedTokens(row) } : {}),
  }))
  const diversity = selfBleu(
    rows.map((row) => row.text),
    { group: job.selfBleuGroup, tokenize: job.tokenize },
  )
  return {
    rollout: {
      quality: scored.reduce((sum, sample) => sum + sample.quality, 0) / samples,
      selfBleu: diversity.score,
      selfBleuGroups: diversity.groups,
      samples: scored,
    },
    selfBleuSignature: diversity.signature,
  }
}

function tracedTokens({ trace = [] }: DecodedRow): TracedToken[] {
  return trace.map(({ text, entropy, temperature, probability }) => ({ text, entropy, temperature, probability }))
}
