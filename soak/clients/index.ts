export { type CrowdOptions, runCrowd } from './crowd.js'
export { closeConnections } from './http.js'
