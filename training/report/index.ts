export { type ReportFiles, type ReportOptions, writeReport } from './report.js'
export { formatAblation } from './text.js'
