import { VERSION } from '../../src/version.js'
import type { FitProgress } from '../fit/index.js'
import type { Store } from '../store/index.js'
import type { SurfaceSet } from '../types.js'
import type { StudyData } from './data.js'
import { type RescoreProgress, withFirstSamples } from './first-samples.js'
import { FitJournal } from './fit-journal.js'
import type { FitSpec, SharedFitSettings } from './fit-spec.js'
import { type FitPredictions, fitAndPredict } from './predictions.js'
import { restrictToGrid } from './sub-grid.js'
import { drawSubset } from './subset.js'

export interface TunerFitsOptions {
  /** For the samples' texts. */
  store: Store
  data: StudyData
  /** Settings of every fit. */
  shared: SharedFitSettings
  /** Of the draws of subsets. */
  seed: number
  journalFolder: string
  signal?: AbortSignal
}

export interface FitWatcher {
  onFit?: (progress: FitProgress) => void
  onRescore?: RescoreProgress
}

/** The fits that studies are made of, each made once and then read from the journal. */
export class TunerFits {
  private readonly journal: FitJournal
  /** Scores at fewer samples take a while, and several fits need them. */
  private rescored: { samples: number; set: SurfaceSet } | undefined

  constructor(private readonly options: TunerFitsOptions) {
    this.journal = new FitJournal(options.journalFolder)
  }

  /** Equal specs have equal keys. */
  keyOf(spec: FitSpec): string {
    return FitJournal.keyOf(this.settingsOf(spec))
  }

  /** Undefined when it was not made yet. */
  finished(spec: FitSpec): Promise<FitPredictions | undefined> {
    return this.journal.read(this.keyOf(spec))
  }

  /** Makes a fit and keeps what it predicts. @throws as `fitTuner`; the signal's reason when aborted */
  async make(spec: FitSpec, watcher: FitWatcher = {}): Promise<FitPredictions> {
    const { data, shared, signal } = this.options
    const { groups, axes, seed } = spec
    const set = await this.surfacesOf(spec, watcher.onRescore)
    const options = { ...shared, groups, axes, seed, signal, onProgress: watcher.onFit }
    const predictions = await fitAndPredict(data, set, options)
    await this.journal.write(this.keyOf(spec), this.settingsOf(spec), predictions)
    return predictions
  }

  private settingsOf(spec: FitSpec): object {
    const { data, shared, seed } = this.options
    return { spec, shared, seed, tasks: data.tasks, data: data.digest, version: VERSION }
  }

  private async surfacesOf(spec: FitSpec, onRescore?: RescoreProgress): Promise<SurfaceSet> {
    const { data, seed } = this.options
    const { tasks, subset, grid, samples } = spec
    let set = samples === undefined ? data.learning : await this.withFirstSamples(samples, onRescore)
    if (tasks !== undefined) {
      set = { ...set, surfaces: set.surfaces.filter(({ task }) => tasks.includes(task)) }
    }
    if (subset !== undefined) set = { ...set, surfaces: drawSubset(set.surfaces, { ...subset, seed }) }
    return grid === undefined ? set : restrictToGrid(set, grid)
  }

  private async withFirstSamples(samples: number, onProgress?: RescoreProgress): Promise<SurfaceSet> {
    const { store, data, signal } = this.options
    if (this.rescored?.samples !== samples) {
      this.rescored = { samples, set: await withFirstSamples(store, data.learning, samples, { signal, onProgress }) }
    }
    return this.rescored.set
  }
}
