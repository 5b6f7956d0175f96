import { EdtError, recogniseOutOfMemory } from '../errors.js'

/** An error as it travels between processes: classes do not survive the way. */
export interface PlainError {
  name: string
  message: string
  stack?: string
  /** True for errors that are made for users. */
  edt: boolean
}

export function toPlainError(thrown: unknown): PlainError {
  const error = recogniseOutOfMemory(thrown)
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), edt: false }
  return { name: error.name, message: error.message, stack: error.stack, edt: error instanceof EdtError }
}

/** An EdtError stays one, with the same name and message, so that the CLI shows it as the user's own mistake. */
export function fromPlainError({ name, message, stack, edt }: PlainError): Error {
  const error = edt ? new EdtError(message) : new Error(message)
  error.name = name
  if (stack !== undefined) error.stack = stack
  return error
}
