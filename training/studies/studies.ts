import { InvalidOptionError } from '../../src/errors.js'
import { type BackendName, selectBackend } from '../../src/tuner/index.js'
import type { FitProgress } from '../fit/index.js'
import { collectVersions } from '../run/versions.js'
import { openStore, type Store } from '../store/index.js'
import { countByTask, readStudyData, type StudyData } from './data.js'
import type { Study, StudyPlan } from './definition.js'
import { everyStudy } from './definitions/index.js'
import { StudyDataError } from './errors.js'
import type { FitSpec } from './fit-spec.js'
import { judgeRows } from './judge.js'
import type { FitPredictions } from './predictions.js'
import { addStudies, fitsFolder } from './result-file.js'
import { TunerFits } from './tuner-fits.js'
import type { StudiesResult, StudyResult, StudySettings } from './types.js'

export interface StudiesOptions {
  /** Ids of the studies to make. @default all @example ['axes', 'grid'] */
  studies?: readonly string[]
  /** Name of the run, as results call it. @example 'runs/first' */
  run: string
  storePath: string
  /** Folder for `studies.json` and the finished fits. */
  outDir: string
  /** Names of the tasks to study. @default all of the run */
  tasks?: readonly string[]
  /** Most training prompts of all tasks together; drawn at random, with as large a share of the validation prompts. @default all */
  prompts?: number
  /** Fits of each row, with seeds `seed`, `seed + 1`, … @default 2 */
  fits?: number
  /** Networks that are averaged in each fit: fewer than `edt fit` trains, because there are many fits. @default 2 */
  members?: number
  /** Most passes over the training prompts. @default as `fitTuner` */
  epochs?: number
  /** @default 'auto' */
  backend?: BackendName | 'auto'
  /** Of fits, draws of subsets and the bootstrap. @default 0 */
  seed?: number
  /** Resamples of the bootstrap. @default 10000 */
  resamples?: number
  signal?: AbortSignal
  onProgress?: (progress: StudiesProgress) => void
}

export interface StudiesProgress {
  /** Title of the study that is being made. */
  study: string
  /** Fits that are finished, of those that all studies asked for need. */
  done: number
  total: number
  /** How far the running fit is. */
  fit?: FitProgress
  /** Prompts whose scores are computed again at fewer samples. */
  rescored?: { done: number; total: number }
}

/** Studies ask about EDA alone: w = ½. */
const EDA_BALANCE = 0.5

/** Names that `studies` may hold. */
export const STUDY_IDS: readonly string[] = everyStudy.map(({ id }) => id)

/**
 * Makes studies of a run: refits tuners on parts of what was collected and judges each on the test prompts whose whole grid is in the store.
 * No language model runs. Every finished fit is kept, so that a killed call goes on where it stopped, and studies share the fits that they have in
 * common; the result file grows by one study at a time.
 *
 * @throws {InvalidOptionError} for an unknown study; {StudyDataError} when the run has no test prompts, or a study that was named cannot be made of
 *   it; {StoreError}; as `fitTuner`; the signal's reason when aborted
 */
export async function runStudies(options: StudiesOptions): Promise<StudiesResult> {
  const { studies: ids = STUDY_IDS, seed = 0, tasks, prompts, storePath } = options
  const unknown = ids.find((id) => !STUDY_IDS.includes(id))
  if (unknown !== undefined) throw new InvalidOptionError('study', `one of ${STUDY_IDS.join(', ')}`, unknown)
  const store = await openStore(storePath, { readOnly: true })
  try {
    const data = await readStudyData(store, { tasks, prompts, seed })
    return await makeStudies(
      store,
      data,
      everyStudy.filter(({ id }) => ids.includes(id)),
      options,
    )
  } finally {
    await store.close()
  }
}

async function makeStudies(
  store: Store,
  data: StudyData,
  studies: readonly Study[],
  options: StudiesOptions,
): Promise<StudiesResult> {
  const { outDir, signal } = options
  const settings = await settingsOf(data, options)
  const { seed, resamples } = settings
  const fits = new TunerFits({ store, data, shared: settings.fit, seed, journalFolder: fitsFolder(outDir), signal })
  const { plans, leftOut } = planStudies(data, studies, settings)
  if (options.studies !== undefined && leftOut.length > 0) {
    const [{ id, reason }] = leftOut
    throw new StudyDataError(store.path, `the study "${id}" cannot be made: ${reason}.`)
  }
  const needed = new Map(plans.flatMap(({ plan }) => specsOf(plan, data)).map((spec) => [fits.keyOf(spec), spec]))
  const predictions = new Map<string, FitPredictions>()
  for (const [key, spec] of needed) {
    const finished = await fits.finished(spec)
    if (finished !== undefined) predictions.set(key, finished)
  }
  let result: StudiesResult | undefined
  for (const { study, plan } of plans) {
    const tell = (more: Partial<StudiesProgress> = {}) =>
      options.onProgress?.({ study: study.title, done: predictions.size, total: needed.size, ...more })
    tell()
    for (const spec of specsOf(plan, data)) {
      const key = fits.keyOf(spec)
      if (predictions.has(key)) continue
      signal?.throwIfAborted()
      const made = await fits.make(spec, {
        onFit: (fit) => tell({ fit }),
        onRescore: (done, total) => tell({ rescored: { done, total } }),
      })
      predictions.set(key, made)
      tell()
    }
    const predictionsOf = (spec: FitSpec) => predictions.get(fits.keyOf(spec))!
    const rows = judgeRows(data, plan, { resamples, seed, predictionsOf })
    const { question, reference, axis } = plan
    const { id, title } = study
    const made: StudyResult = { id, title, question, reference, ...(axis === undefined ? {} : { axis }), rows }
    result = await addStudies(outDir, settings, [made], leftOut)
  }
  return result ?? addStudies(outDir, settings, [], leftOut)
}

async function settingsOf(data: StudyData, options: StudiesOptions): Promise<StudySettings> {
  const { seed = 0, resamples = 10_000, fits = 2, members = 2, epochs } = options
  const backend = await selectBackend(options.backend ?? 'auto')
  const { run, learning, test, references } = data
  const of = (split: string) => countByTask(learning.surfaces.filter((surface) => surface.split === split))
  return {
    run: options.run,
    model: run.model.id,
    grid: learning.grid,
    samples: run.samples,
    selfBleuGroup: run.selfBleuGroup,
    references,
    signatures: learning.signatures,
    prompts: { train: of('train'), validation: of('validation'), test: countByTask(test) },
    seed,
    fits,
    fit: { balance: EDA_BALANCE, members, ...(epochs === undefined ? {} : { epochs }), backend: backend.name },
    resamples,
    versions: collectVersions(),
  }
}

function planStudies(data: StudyData, studies: readonly Study[], { seed, fits, prompts, samples }: StudySettings) {
  const context = {
    tasks: data.tasks,
    groups: data.groups,
    grid: data.learning.grid,
    samples,
    trainPrompts: Object.values(prompts.train).reduce((a, b) => a + b, 0),
    seeds: Array.from({ length: fits }, (_, i) => seed + i),
  }
  const plans: { study: Study; plan: StudyPlan }[] = []
  const leftOut: StudiesResult['leftOut'] = []
  for (const study of studies) {
    const plan = study.plan(context)
    if ('impossible' in plan) leftOut.push({ id: study.id, reason: plan.impossible })
    else plans.push({ study, plan })
  }
  return { plans, leftOut }
}

/** Every fit of a study, each once or more, in the order of its rows. */
function specsOf(plan: StudyPlan, data: StudyData): FitSpec[] {
  return plan.rows.flatMap(({ task, replicates }) =>
    replicates.flatMap((tunerOf) => (task === undefined ? data.tasks : [task]).map(tunerOf)),
  )
}
