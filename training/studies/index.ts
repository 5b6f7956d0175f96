export { StudyDataError } from './errors.js'
export { readStudies } from './result-file.js'
export {
  runStudies,
  STUDY_IDS,
  type StudiesOptions,
  type StudiesProgress,
} from './studies.js'
export type { StudiesResult, StudyResult, StudyRow, StudySettings } from './types.js'
