import type { Target } from '../harness/types.js'
import { checkpointTargets } from './checkpoints.js'
import { commandLineTargets } from './command-line.js'
import { dataFileTargets } from './data-files.js'
import { httpTarget } from './http.js'
import { journalTargets } from './journals.js'
import { modelTargets } from './models.js'
import { promptTargets } from './prompts.js'

/** Everything that is attacked, in the order of the campaign. */
export const targets: readonly Target[] = [
  ...(await dataFileTargets()),
  ...checkpointTargets,
  ...commandLineTargets,
  ...journalTargets,
  ...modelTargets,
  ...promptTargets,
  httpTarget,
] as Target<unknown>[]
