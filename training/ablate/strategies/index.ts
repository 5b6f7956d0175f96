export { HAND_SET_CELL } from './hand-set-edt.js'
export { cellName, ORACLE, oracleRollouts } from './oracle.js'
export { selectStrategies, strategyNames } from './select.js'
export { everyStrategy } from './table.js'
export {
  type Available,
  MOST_SETTINGS,
  type ReadyStrategy,
  type Sampling,
  type Setting,
  type Strategy,
  type StrategyContext,
} from './types.js'
