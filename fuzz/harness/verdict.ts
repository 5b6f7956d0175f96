import { describeFailure } from '../../src/cli/failure.js'
import { EdtError } from '../../src/errors.js'
import { ViolationError } from './types.js'

/** Longest message that still reads as one. */
const MOST_CHARACTERS = 2500

/** Messages of JavaScript itself, which tell a user nothing. */
const INTERNAL =
  /\w is not a function$|Cannot read prop|of undefined|of null|is not iterable|\[object Object\]|is not defined|call stack/

/**
 * What the command line makes of an error, judged: a mistake of the user (exit code 2) with a message of one line.
 * @returns the error's name
 * @throws {ViolationError} for anything else
 */
export function judgeRefusal(error: unknown): string {
  if (error instanceof ViolationError) throw error
  const { message, exitCode } = describeFailure(error, false)
  const told = error instanceof Error ? `${error.name}: ${error.stack ?? error.message}` : String(error)
  if (exitCode !== 2) throw new ViolationError(`not refused but failed (exit code ${exitCode}): ${told.slice(0, 2000)}`)
  if (message.trim() === '') throw new ViolationError('the message is empty')
  if (/\p{Cc}/u.test(message))
    throw new ViolationError(`the message holds control characters: ${JSON.stringify(message)}`)
  if (message.length > MOST_CHARACTERS) throw new ViolationError(`the message has ${message.length} characters`)
  // What a library says of a model's files is quoted, behind the model's name.
  if (INTERNAL.test(message) && !/transformers\.js( could not load it)?:/.test(message))
    throw new ViolationError(`the message is JavaScript's: ${message}`)
  return error instanceof EdtError ? error.name : String((error as NodeJS.ErrnoException).code)
}

const ownNames = (): string =>
  [Object, Array, String, Number, Function, Promise, Map]
    .map(({ prototype }) => Reflect.ownKeys(prototype).map(String).join())
    .join('|')
const untouched = ownNames()

/** @throws {ViolationError} when an input has changed what all objects inherit */
export function checkPrototypes(): void {
  if (ownNames() === untouched && Object.keys(Object.prototype).length === 0) return
  throw new ViolationError('the input has changed a prototype that all objects share')
}
