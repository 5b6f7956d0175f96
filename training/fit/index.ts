export { type DenoiseOptions, denoiseSurfaces } from './denoise.js'
export { type FitOptions, type FitProgress, type FitResult, fitTuner } from './fit.js'
export { type SaveTunerOptions, saveTuner } from './save.js'
