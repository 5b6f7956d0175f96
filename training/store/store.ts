import type { RolloutResult, SurfaceSet } from '../types.js'
import type { Database } from './database.js'
import { StoreContentError, StoreSettingsError } from './errors.js'
import { appendPrompts, newPrompts, type PlannedPrompt, readOutcomes, readPlan } from './plan.js'
import {
  type FeatureSet,
  readFeatureSet,
  readSignatures,
  readSummary,
  readSurfaces,
  type ScoreSignatures,
  type StoreSummary,
  type SurfaceFilter,
} from './read.js'
import { type PromptSamples, readSamples } from './read-samples.js'
import type { RunSettings } from './settings.js'
import { appendOutcome, appendRollouts, checkResult, type FirstSeen, sameFeatureSet } from './write.js'

/** What is left to do after {@link Store.plan}. */
export interface Plan {
  /** Prompts without an outcome, in the order in which they were given. */
  pending: PlannedPrompt[]
  /** Of the prompts given. */
  finished: number
  skipped: number
}

/** One run: its settings, prompts, features, samples and scores in a DuckDB file. Made by {@link openStore} and `resumeStore`. */
export class Store {
  private constructor(
    /** @internal */
    readonly database: Database,
    private readonly runSettings: RunSettings,
    private readonly planned: Map<string, PlannedPrompt>,
    private readonly finished: Set<string>,
    private readonly skipped: Set<string>,
    private readonly signatures: Map<string, ScoreSignatures>,
    private featureSet: FeatureSet | undefined,
  ) {}

  /** @internal Reads what the store knows about its prompts. */
  static async load(database: Database, settings: RunSettings): Promise<Store> {
    const { finished, skipped } = await readOutcomes(database)
    const signatures = await readSignatures(database)
    const featureSet = await readFeatureSet(database)
    return new Store(database, settings, await readPlan(database), finished, skipped, signatures, featureSet)
  }

  get path(): string {
    return this.database.path
  }

  settings(): RunSettings {
    return this.runSettings
  }

  /**
   * Adds prompts to the run; those already in it stay as they are.
   * @throws {StoreContentError} when a prompt is of a task that the run does not have, occurs twice, or has changed
   */
  async plan(prompts: readonly PlannedPrompt[]): Promise<Plan> {
    const stranger = prompts.find((prompt) => !this.runSettings.tasks.some((task) => task.name === prompt.task))
    if (stranger !== undefined) {
      throw new StoreContentError(this.path, stranger.promptId, `the run has no task ${stranger.task}.`)
    }
    const fresh = newPrompts(this.path, this.planned, prompts)
    if (fresh.length > 0) {
      await this.database.exclusive(() => this.database.transaction(() => appendPrompts(this.database, fresh)))
    }
    for (const prompt of fresh) this.planned.set(prompt.promptId, prompt)
    return {
      pending: prompts.filter(({ promptId }) => !this.finished.has(promptId) && !this.skipped.has(promptId)),
      finished: prompts.filter(({ promptId }) => this.finished.has(promptId)).length,
      skipped: prompts.filter(({ promptId }) => this.skipped.has(promptId)).length,
    }
  }

  /** Keys of the prompts whose rollouts are complete. */
  finishedPrompts(): ReadonlySet<string> {
    return this.finished
  }

  /** Keys of the prompts that do not fit into the context. */
  skippedPrompts(): ReadonlySet<string> {
    return this.skipped
  }

  /**
   * Writes all rollouts, scores and features of one prompt in one transaction. When the promise resolves, they survive kill -9.
   * @returns false when the prompt had an outcome already; nothing is written then
   * @throws {StoreContentError} when the prompt was not planned or the result is not whole
   * @throws {StoreSettingsError} when scores or features were computed in another way than those in the store
   */
  async writeRollouts(result: RolloutResult): Promise<boolean> {
    const { promptId } = result
    checkResult(this.path, this.runSettings, result)
    return this.writeOnce(promptId, this.finished, async (prompt) => {
      const first = this.firstSeen(prompt.task, result)
      await this.database.transaction(() => appendRollouts(this.database, prompt, result, first))
      if (first.signatures !== undefined) this.signatures.set(prompt.task, first.signatures)
      this.featureSet ??= first.featureSet
    })
  }

  /**
   * Records that a prompt cannot be collected, and why.
   * @returns false when the prompt had an outcome already
   * @throws {StoreContentError} when the prompt was not planned
   */
  async writeSkipped(promptId: string, tokenCount: number, reason: string): Promise<boolean> {
    return this.writeOnce(promptId, this.skipped, () => appendOutcome(this.database, promptId, tokenCount, reason))
  }

  /** Surfaces of the finished prompts in a stable order: task, split, id. @throws {InvalidOptionError} for a task that the run does not have */
  surfaces(filter: SurfaceFilter = {}): Promise<SurfaceSet> {
    return readSurfaces(this.database, this.runSettings, filter)
  }

  /** Texts and qualities of the samples of finished prompts, one prompt at a time. Keys that are not finished are left out. */
  samples(promptIds: ReadonlySet<string>): AsyncGenerator<PromptSamples> {
    return readSamples(this.database, promptIds)
  }

  summary(): Promise<StoreSummary> {
    return readSummary(this.database, this.runSettings)
  }

  /** Waits for the last transaction and frees the file. The store cannot be used afterwards. */
  close(): Promise<void> {
    return this.database.close()
  }

  /** Runs `write` unless the prompt has an outcome, and notes the outcome once it is in the file. */
  private writeOnce(
    promptId: string,
    outcome: Set<string>,
    write: (prompt: PlannedPrompt) => Promise<void>,
  ): Promise<boolean> {
    return this.database.exclusive(async () => {
      const prompt = this.planned.get(promptId)
      if (prompt === undefined) throw new StoreContentError(this.path, promptId, 'it was not planned for this run.')
      if (this.finished.has(promptId) || this.skipped.has(promptId)) return false
      await write(prompt)
      outcome.add(promptId)
      return true
    })
  }

  /** What this result is the first to bring; what is not new must agree with the store. */
  private firstSeen(task: string, result: RolloutResult): FirstSeen {
    const asked = { quality: result.qualitySignature, selfBleu: result.selfBleuSignature }
    const stored = this.signatures.get(task)
    for (const score of ['quality', 'selfBleu'] as const) {
      if (stored !== undefined && stored[score] !== asked[score]) {
        throw new StoreSettingsError(this.path, `signatures.${task}.${score}`, stored[score], asked[score])
      }
    }
    const features = result.features!
    if (this.featureSet !== undefined && !sameFeatureSet(this.featureSet, features)) {
      throw new StoreSettingsError(this.path, 'features', this.featureSet.names, features.names)
    }
    return {
      signatures: stored === undefined ? asked : undefined,
      featureSet: this.featureSet === undefined ? { version: features.version, names: [...features.names] } : undefined,
    }
  }
}
