import { createHash } from 'node:crypto'
import { FEATURE_GROUPS, featureGroup } from '../../src/features/index.js'
import type { FeatureGroup } from '../../src/features/types.js'
import type { RunSettings, Store } from '../store/index.js'
import { meanSurfaces, type TaskReference, taskReferences } from '../surfaces/index.js'
import type { PromptSurface, SurfaceSet } from '../types.js'
import { StudyDataError } from './errors.js'
import { drawSubset } from './subset.js'

/** A run as studies see it. */
export interface StudyData {
  run: RunSettings
  /** Names of the tasks that are studied. */
  tasks: string[]
  /** Feature groups that the run has. */
  groups: FeatureGroup[]
  /** Surfaces of training and validation prompts. */
  learning: SurfaceSet
  /** Surfaces of the test prompts: what tuners are judged by. */
  test: PromptSurface[]
  /** Q* and D* by task, from all training prompts of the run. */
  references: Record<string, TaskReference>
  /** SHA-256 of all that a fit and its predictions depend on, apart from its own settings: equal digests, equal prompts and samples. */
  digest: string
}

export interface StudyDataOptions {
  /** @default all tasks of the run */
  tasks?: readonly string[]
  /** Most training prompts of all tasks together; drawn at random. @default all */
  prompts?: number
  seed: number
}

/**
 * Reads a run's surfaces and checks that there is something to learn from and to judge by.
 * @throws {StudyDataError} for a task without training prompts or with fewer than two test prompts; {InvalidOptionError} for a task that the
 *   run does not have
 */
export async function readStudyData(store: Store, { tasks, prompts, seed }: StudyDataOptions): Promise<StudyData> {
  const run = store.settings()
  const all = await store.surfaces({ tasks })
  const names = run.tasks.map(({ name }) => name).filter((name) => tasks === undefined || tasks.includes(name))
  const of = (split: string) => all.surfaces.filter((surface) => surface.split === split)
  for (const name of names) {
    const count = (split: string) => of(split).filter(({ task }) => task === name).length
    if (count('train') === 0) {
      const problem = `no training prompt of the task ${name} is collected; collect some with \`edt collect\`, or leave it out with --task.`
      throw new StudyDataError(store.path, problem)
    }
    if (count('test') < 2) {
      const problem = `studies judge tuners on test prompts whose whole grid was sampled, and the task ${name} has ${count('test')} of them; collect some with \`edt collect --study-prompts 100\`, or leave it out with --task.`
      throw new StudyDataError(store.path, problem)
    }
  }
  const learning = all.surfaces.filter(({ split }) => split !== 'test')
  const kept = prompts === undefined ? learning : drawSubset(learning, { prompts, draw: 0, seed })
  const contents = [run, kept, of('test')].map((part) =>
    Array.isArray(part) ? part.map(({ promptId }) => promptId) : part,
  )
  return {
    run,
    tasks: names,
    groups: FEATURE_GROUPS.filter((group) => all.featureNames.some((name) => featureGroup(name) === group)),
    learning: { ...all, surfaces: kept },
    test: of('test'),
    references: taskReferences(meanSurfaces(of('train'), 'training')),
    digest: createHash('sha256').update(JSON.stringify(contents)).digest('hex'),
  }
}

/** How many of the prompts each task has. */
export function countByTask(surfaces: readonly PromptSurface[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { task } of surfaces) counts[task] = (counts[task] ?? 0) + 1
  return counts
}
