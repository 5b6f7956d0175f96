export { type DenoiseOptions, denoiseSurfaces } from './denoise.js'
export { fitTuner } from './fit.js'
export { type SaveTunerOptions, saveTuner } from './save.js'
export type { BalanceScore, FitOptions, FitProgress, FitResult, TunedAxes } from './types.js'
