export { besideModule, forkModule } from './fork.js'
export { fromPlainError, type PlainError, toPlainError } from './plain-error.js'
