export { genericDataset, templateText } from './generic.js'
export { datasets } from './table.js'
export type { Dataset, Draft } from './types.js'
