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
import { alternate, median, watch } from '../measure.js'
import { promptOf, smolLM2, smolLM2Missing } from '../models.js'
import type { BenchOptions, Figure } from '../types.js'

const PROMPT_TOKENS = 128
const NEW_TOKENS = 128
/** Issue 5, item 4: at most this much more than a fixed temperature. */
const ALLOWED = 1.02

interface Timing {
  /** Milliseconds until the first token. */
  first: number
  /** Milliseconds for each further token. */
  perToken: number
}

/** One answer alone, with the tuner and with a fixed temperature in the same engine. */
export async function autoConfigurationFigures({ quick, threads, say }: BenchOptions): Promise<Figure[] | string> {
  if (smolLM2Missing !== undefined) return smolLM2Missing
  const model = await loadModel(smolLM2.folder, { dtype: smolLM2.dtype, threads })
  const prompt = model.decode(promptOf(model, smolLM2, PROMPT_TOKENS))
  const fixed: GenerateOptions = { strategy: { name: 'fixed', temperature: 0.8 }, topP: 0.95 }
  const figures: Figure[] = []
  const sets: FeatureGroup[][] = [[...DEFAULT_FEATURE_GROUPS], [...FEATURE_GROUPS]]
  for (const groups of sets) {
    say(`auto-configuration, one stream, features ${groups.join(', ')}`)
    const { tuner, source, remove } = await tunerFor(model, prompt, groups)
    const ways = [fixed, { tuner, topP: 0.95 }].map((choice) => () => timing(model, prompt, choice))
    await alternate(1, ways)
    const [plain, tuned] = await alternate(quick ? 3 : 9, ways)
    for (const [part, name] of [
      ['first', 'time to the first token'],
      ['perToken', 'time per token'],
    ] as const) {
      const [value, other] = [tuned, plain].map((timings) => median(timings.map((timing) => timing[part])))
      const more = value / other
      figures.push({
        name: `auto-configuration (${groups.join(', ')}), ${name}`,
        value,
        unit: 'ms of CPU',
        baseline: { name: 'fixed temperature in the same engine', value: other },
        ratio: other / value,
        target: { text: '≤ 2 % more', met: more <= ALLOWED },
        notes: [
          `${((more - 1) * 100).toFixed(1)} % more; ${model.id}, one stream, prompt of ${PROMPT_TOKENS} tokens and ${NEW_TOKENS} new ones, ${source}, median of ${tuned.length}`,
        ],
      })
    }
    await remove()
  }
  await model.dispose()
  return figures
}

async function timing(model: LanguageModel, prompt: string, choice: GenerateOptions): Promise<Timing> {
  const spent = watch()
  let first = 0
  let tokens = 0
  await generate(model, prompt, {
    ...choice,
    seed: 1,
    maxNewTokens: NEW_TOKENS,
    stop: [],
    onToken: () => {
      if (tokens++ === 0) first = spent().cpu * 1000
    },
  })
  return { first, perToken: (spent().cpu * 1000 - first) / (tokens - 1) }
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
