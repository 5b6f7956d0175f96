import type { Study } from '../definition.js'
import { axes } from './axes.js'
import { featureGroups } from './feature-groups.js'
import { gridSize } from './grid-size.js'
import { samplesPerCell } from './samples.js'
import { mixedTasks, unseenTask } from './tasks.js'
import { trainingPrompts } from './training-prompts.js'

/** In the order in which all of them are made and shown. */
export const everyStudy: readonly Study[] = [
  axes,
  featureGroups,
  trainingPrompts,
  samplesPerCell,
  gridSize,
  mixedTasks,
  unseenTask,
]
