export { StudyDataError } from './errors.js'
export { readStudies } from './result-file.js'
export {
  DEFAULT_STUDY_FITS,
  DEFAULT_STUDY_MEMBERS,
  runStudies,
  STUDY_IDS,
  type StudiesOptions,
  type StudiesProgress,
} from './studies.js'
export type { StudiesResult, StudyResult, StudyRow, StudySettings } from './types.js'
