import { InvalidOptionError } from '../../src/errors.js'
import { DEFAULT_FEATURE_GROUPS, FEATURE_GROUPS, featureGroup } from '../../src/features/index.js'
import type { FeatureGroup } from '../../src/features/types.js'
import { cellOf } from '../../src/tuner/index.js'
import { normalize } from '../../src/tuner/normalize.js'
import type { Normalization } from '../../src/tuner/types.js'
import type { PromptSurface, SurfaceSet } from '../types.js'
import { NotFiniteError } from './errors.js'

/** Surfaces split for training, with the features that the network reads. */
export interface PreparedSurfaces {
  groups: FeatureGroup[]
  names: string[]
  normalization: Normalization
  train: PromptSurface[]
  validation: PromptSurface[]
  /** Normalised features, one row a prompt, in the order of `train`. */
  trainFeatures: Float32Array[]
  /** In the order of `validation`. */
  validationFeatures: Float32Array[]
}

/** Every fifth prompt of a task, where the store has no validation prompts of its own. */
const HELD_OUT_EVERY = 5

/**
 * Splits and normalises: means and deviations are those of the training prompts; a feature that never changes there gets deviation 1.
 * @throws {InvalidOptionError} when there are too few prompts or no feature of the groups; {NotFiniteError}
 */
export function prepareSurfaces(
  set: SurfaceSet,
  groups: readonly FeatureGroup[] = DEFAULT_FEATURE_GROUPS,
): PreparedSurfaces {
  const columns = set.featureNames.flatMap((name, i) => (groups.includes(featureGroup(name)) ? [i] : []))
  if (columns.length === 0) throw new InvalidOptionError('groups', `among ${FEATURE_GROUPS.join(', ')}`, groups)
  const { train, validation } = splitSurfaces(set.surfaces)
  if (train.length < 2 || validation.length === 0) {
    throw new InvalidOptionError(
      'surfaces',
      'at least 2 training prompts and 1 validation prompt',
      `${train.length} and ${validation.length}`,
      'Collect more prompts.',
    )
  }
  for (const surface of [...train, ...validation]) checkFinite(surface, columns, set)
  const pick = ({ features }: PromptSurface) => Float32Array.from(columns, (column) => features[column])
  const rows = train.map(pick)
  const normalization = normalizationOf(rows)
  const normalized = (values: Float32Array) => {
    const out = new Float32Array(values.length)
    normalize(values, normalization, out)
    return out
  }
  return {
    groups: FEATURE_GROUPS.filter((group) => groups.includes(group)),
    names: columns.map((column) => set.featureNames[column]),
    normalization,
    train,
    validation,
    trainFeatures: rows.map(normalized),
    validationFeatures: validation.map((surface) => normalized(pick(surface))),
  }
}

/** One NaN would spread over the whole regression of the denoising, and end there in an error about matrices. */
function checkFinite(surface: PromptSurface, columns: readonly number[], { featureNames, grid }: SurfaceSet): void {
  const { promptId, features } = surface
  const column = columns.find((place) => !Number.isFinite(features[place]))
  if (column !== undefined) {
    throw new NotFiniteError(promptId, `the feature ${featureNames[column]}`, features[column])
  }
  for (const [score, name] of [
    ['quality', 'quality'],
    ['selfBleu', 'Self-BLEU'],
  ] as const) {
    const cell = surface[score].findIndex((value) => !Number.isFinite(value))
    if (cell === -1) continue
    const { t0, theta } = cellOf(grid, cell)
    throw new NotFiniteError(promptId, `the ${name} at T0 ${t0}, theta ${theta}`, surface[score][cell])
  }
}

function splitSurfaces(surfaces: readonly PromptSurface[]) {
  const own = surfaces.filter((surface) => surface.split === 'validation')
  const learning = surfaces.filter((surface) => surface.split === 'train')
  if (own.length > 0) return { train: learning, validation: own }
  const seen = new Map<string, number>()
  const heldOut = (task: string) => {
    const count = seen.get(task) ?? 0
    seen.set(task, count + 1)
    return count % HELD_OUT_EVERY === HELD_OUT_EVERY - 1
  }
  const train: PromptSurface[] = []
  const validation: PromptSurface[] = []
  for (const surface of learning) (heldOut(surface.task) ? validation : train).push(surface)
  return { train, validation }
}

function normalizationOf(rows: readonly Float32Array[]): Normalization {
  const means = new Float32Array(rows[0].length)
  const stds = new Float32Array(rows[0].length)
  for (let k = 0; k < means.length; k++) {
    let sum = 0
    for (const row of rows) sum += row[k]
    const mean = sum / rows.length
    let squares = 0
    for (const row of rows) squares += (row[k] - mean) ** 2
    const deviation = Math.sqrt(squares / rows.length)
    means[k] = mean
    stds[k] = deviation > 1e-6 * Math.max(1, Math.abs(mean)) ? deviation : 1
  }
  return { means, stds }
}
