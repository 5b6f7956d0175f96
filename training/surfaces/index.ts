export { UnknownTaskReferenceError } from './errors.js'
export { bestCells, bestFixedCell, edaOfCells, meanSurfaces, taskReferences } from './mean-surface.js'
export { type EdaWeights, equalWeights, normalizedEda } from './normalized-eda.js'
export type { BestCells, MeanSurface, TaskReference } from './types.js'
