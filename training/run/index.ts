export { RunFolderError } from './errors.js'
export { inRun, isRun, openRun, type RunFolder, type RunPaths, readSettings, runPaths } from './folder.js'
export { collectVersions } from './versions.js'
