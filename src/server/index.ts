export { type AppOptions, buildServer } from './app.js'
export type { Backend } from './model/backend.js'
export type { Answer, Ask, ServedModel } from './model/protocol.js'
export { type RunningServer, type ServerOptions, startServer } from './start.js'
