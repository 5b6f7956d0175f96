import type { Target } from '../harness/types.js'
import { dataFileTargets } from './data-files.js'

/** Everything that is attacked, in the order of the campaign. */
export const targets: readonly Target[] = [...(await dataFileTargets())] as Target<unknown>[]
