import type { Target } from '../harness/types.js'
import { checkpointTargets } from './checkpoints.js'
import { commandLineTargets } from './command-line.js'
import { dataFileTargets } from './data-files.js'
import { modelTargets } from './models.js'

/** Everything that is attacked, in the order of the campaign. */
export const targets: readonly Target[] = [
  ...(await dataFileTargets()),
  ...checkpointTargets,
  ...commandLineTargets,
  ...modelTargets,
] as Target<unknown>[]
