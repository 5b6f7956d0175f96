import type { Ending } from './edt.js'
import { UnexpectedError } from './types.js'

/** A command's message about what went wrong: one line, no stack, no excuse of ours. */
const MESSAGE = /^edt: .+$/m

/** @throws {UnexpectedError} unless the command ended well */
export function expectDone({ code, signal, stderr }: Ending, what: string): void {
  if (code !== 0) throw new UnexpectedError(`${what} ended with ${signal ?? `code ${code}`}: ${stderr}`)
}

/**
 * @param about what the message must say, apart from being one
 * @throws {UnexpectedError} unless the command ended with exit code 2 and a clear message
 */
export function expectRefused({ code, signal, stderr }: Ending, about: RegExp): void {
  const [message] = MESSAGE.exec(stderr) ?? []
  if (code !== 2 || message === undefined || !about.test(message) || /\n\s+at /.test(stderr)) {
    throw new UnexpectedError(
      `expected exit code 2 and a message (${about}), got ${signal ?? `code ${code}`}: ${stderr}`,
    )
  }
}

export function expect(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new UnexpectedError(problem)
}
