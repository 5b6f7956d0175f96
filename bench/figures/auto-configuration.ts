import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import {
  DEFAULT_FEATURE_GROUPS,
  extractFeatures,
  FEATURE_GROUPS,
  FEATURE_VERSION,
  type FeatureGroup,
  observePrompt,
} from '../../src/features/index.js'
import { type LanguageModel, loadModel } from '../../src/lm/index.js'
import { packageRoot } from '../../src/package-root.js'
import { type GenerateOptions, generate } from '../../src/runtime/index.js'
import { loadTuner } from '../../src/tuner/index.js'
import { smallMetadata, writeSmallCheckpoint } from '../../src/tuner/testing/checkpoint.js'
import { alternate, median, medianInterval, watch } from '../measure.js'
import { promptOf, smolLM2, smolLM2Missing } from '../models.js'
import type { BenchOptions, Figure } from '../types.js'

const PROMPT_TOKENS = 128
const NEW_TOKENS = 128
/** Issue 5, item 4: at most this much more than a fixed temperature. */
const ALLOWED = 1.02

/** Milliseconds of CPU. */
interface Timing {
  total: number
  /** Without the runs of the model. */
  apart: number
}

/** The two parts of an answer that are timed: ms of CPU until the first token, and for each token after it. */
const PARTS = [
  { name: 'time to the first token', newTokens: 1, rounds: 60, quickRounds: 6 },
  { name: 'time per token', newTokens: NEW_TOKENS, rounds: 12, quickRounds: 3 },
]

/** One answer alone, with the tuner and with a fixed temperature in the same engine. */
export async function autoConfigurationFigures({ quick, threads, say }: BenchOptions): Promise<Figure[] | string> {
  if (smolLM2Missing !== undefined) return smolLM2Missing
  const model = await loadModel(smolLM2.folder, { dtype: smolLM2.dtype, threads })
  // No answer ends early: a token costs less after a short text.
  Object.assign(model, { endTokenIds: new Set() })
  const prompt = model.decode(promptOf(model, smolLM2, PROMPT_TOKENS))
  const fixed: GenerateOptions = { strategy: { name: 'fixed', temperature: 0.8 }, topP: 0.95 }
  const figures: Figure[] = []
  const sets: FeatureGroup[][] = [[...DEFAULT_FEATURE_GROUPS], [...FEATURE_GROUPS]]
  for (const groups of sets) {
    say(`auto-configuration, one stream, features ${groups.join(', ')}`)
    const { tuner, source, remove } = await tunerFor(model, prompt, groups)
    for (const { name, newTokens, rounds, quickRounds } of PARTS) {
      const ways = [fixed, { tuner, topP: 0.95 }].map((choice) => () => timing(model, prompt, choice, newTokens))
      await alternate(1, ways)
      const [plain, tuned] = await alternate(quick ? quickRounds : rounds, ways)
      const whole = median(plain.map(({ total }) => total))
      // Where both sides run the model alike, its runs are left out of the difference: their noise alone is several percent.
      const same = !groups.includes('surprisal') || newTokens > 1
      const extra = tuned.map((timing, round) =>
        same ? timing.apart - plain[round].apart : timing.total - plain[round].total,
      )
      const more = median(extra) / whole
      const [low, high] = medianInterval(extra).map((value) => ((100 * value) / whole).toFixed(1))
      figures.push({
        name: `auto-configuration (${groups.join(', ')}), ${name}`,
        value: whole + median(extra),
        unit: 'ms of CPU',
        baseline: { name: 'fixed temperature in the same engine', value: whole },
        ratio: 1 / (1 + more),
        target: { text: '≤ 2 % more', met: 1 + more <= ALLOWED },
        notes: [
          `${(more * 100).toFixed(1)} % more, 95 % [${low}, ${high}]${same ? ', the runs of the model apart, which are the same' : ''}; ${model.id}, one stream, prompt of ${PROMPT_TOKENS} tokens and ${newTokens} new, ${source}, median of ${tuned.length} rounds`,
        ],
      })
    }
    await remove()
  }
  await model.dispose()
  return figures
}

/** Until the first token, or for each token after it when there are more. */
async function timing(
  model: LanguageModel,
  prompt: string,
  choice: GenerateOptions,
  maxNewTokens: number,
): Promise<Timing> {
  const runs = watchRuns(model)
  const spent = watch()
  const all = (): Timing => {
    const total = spent().cpu * 1000
    return { total, apart: total - runs.spent() }
  }
  let first: Timing = { total: 0, apart: 0 }
  let tokens = 0
  await generate(model, prompt, {
    ...choice,
    seed: 1,
    maxNewTokens,
    stop: [],
    onToken: () => {
      if (tokens++ === 0) first = all()
    },
  })
  const { total, apart } = all()
  runs.stop()
  if (tokens === 1) return first
  return { total: (total - first.total) / (tokens - 1), apart: (apart - first.apart) / (tokens - 1) }
}

type Run = (...args: unknown[]) => Promise<unknown>

/** Measures the runs of the model's session, in ms of CPU, until it is stopped. */
function watchRuns(model: LanguageModel): { spent(): number; stop(): void } {
  const { session } = (model as unknown as { parts: { ordinary: { session: { run: Run } } } }).parts.ordinary
  const original = session.run
  let sum = 0
  session.run = async (...args) => {
    const spent = watch()
    const result = await original.apply(session, args)
    sum += spent().cpu * 1000
    return result
  }
  return {
    spent: () => sum,
    stop() {
      session.run = original
    },
  }
}

/** The tuner that ships for the model, if it reads these features; else one with random weights, which costs the same. */
async function tunerFor(model: LanguageModel, prompt: string, groups: FeatureGroup[]) {
  const shipped = join(packageRoot(), 'checkpoints', basename(model.id), 'universal')
  if (existsSync(shipped)) {
    const tuner = await loadTuner(shipped)
    if (tuner.metadata.features.groups.join() === groups.join()) {
      return { tuner, source: `tuner ${tuner.metadata.tunerName}`, remove: async () => undefined }
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'edt-bench-'))
  const { names } = extractFeatures(observePrompt(prompt, await model.prefill(model.encode(prompt))), groups)
  const { id, vocabularySize, vocabularyHash, dtype } = model
  await writeSmallCheckpoint(folder, {
    ...smallMetadata,
    languageModel: { id: basename(id), vocabularySize, vocabularyHash, dtype },
    features: {
      version: FEATURE_VERSION,
      groups,
      names: [...names],
      means: names.map(() => 0),
      stds: names.map(() => 1),
    },
  })
  const remove = () => rm(folder, { recursive: true, force: true })
  return { tuner: await loadTuner(folder), source: 'tuner with random weights', remove }
}
