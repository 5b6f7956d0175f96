import { UsageError } from '../errors.js'
import { didYouMean } from '../suggest.js'

/** Settings of a conversation that can be changed while it goes on. */
export type ChatSetting = 't0' | 'theta' | 'balance'

/** A line of the user that is no message. */
export type ChatCommand =
  | { name: 'help' | 'reset' | 'trace' | 'quit' }
  /** `value` is undefined for `auto`. */
  | { name: ChatSetting; value: number | undefined }

const NAMES = ['t0', 'theta', 'balance', 'trace', 'reset', 'help', 'quit'] as const

export const CHAT_HELP = `/t0 VALUE       upper bound of the temperature; /t0 auto gives it back to the tuner
/theta VALUE    sensitivity to entropy; /theta auto gives it back to the tuner
/balance VALUE  how much quality counts against diversity for the tuner, between 0 and 1; /balance auto
/trace          a table of every token after each answer, on or off
/reset          forget the conversation
/quit           leave, as Ctrl-D does`

/**
 * Reads a line that begins with a slash.
 * @returns undefined for a message
 * @throws {UsageError} for an unknown command, or a value that is none
 */
export function parseChatCommand(line: string): ChatCommand | undefined {
  const match = /^\/(\S*)\s*(.*)$/.exec(line.trim())
  if (match === null) return undefined
  const [, word, argument] = match
  const name = NAMES.find((known) => known === word)
  if (name === undefined) {
    throw new UsageError(
      `There is no command "/${word}".${didYouMean(word, NAMES, '/') || ' /help lists what there is.'}`,
    )
  }
  if (name === 't0' || name === 'theta' || name === 'balance') return { name, value: value(name, argument) }
  if (argument !== '') throw new UsageError(`/${name} takes no value.`)
  return { name }
}

function value(name: ChatSetting, argument: string): number | undefined {
  if (argument === 'auto') return undefined
  const number = Number(argument)
  if (argument === '' || !Number.isFinite(number) || number < 0) {
    throw new UsageError(`/${name} needs a number ≥ 0, or auto, but found "${argument}".`)
  }
  return number
}
