import { InvalidOptionError } from '../errors.js'
import { SPLIT_NAMES } from './split.js'
import type { SplitName, TaskDefinition, TaskOptions } from './types.js'

/**
 * The definition with the options put in; those left out are not in the result either, so that it compares equal to a definition that never
 * had them.
 * @throws {InvalidOptionError} for a length of less than 1
 */
export function withOptions(definition: TaskDefinition, options: TaskOptions): TaskDefinition {
  const { chat = definition.chat, maxSourceChars = definition.maxSourceChars } = options
  const { maxNewTokens, stop, metric, tokenize } = options
  atLeastOne('maxSourceChars', maxSourceChars)
  atLeastOne('maxNewTokens', maxNewTokens)
  return {
    ...definition,
    ...(chat ? { chat } : {}),
    ...(maxSourceChars === undefined ? {} : { maxSourceChars }),
    ...(maxNewTokens === undefined ? {} : { maxNewTokens }),
    ...(stop === undefined ? {} : { stop: [...stop] }),
    ...(metric === undefined ? {} : { metric }),
    ...(tokenize === undefined ? {} : { tokenize }),
  }
}

/** @throws {InvalidOptionError} */
export function checkRequest(split: SplitName, limit: number): void {
  if (!SPLIT_NAMES.includes(split)) throw new InvalidOptionError('split', `one of ${SPLIT_NAMES.join(', ')}`, split)
  if (limit !== Number.POSITIVE_INFINITY) atLeastOne('limit', limit)
}

function atLeastOne(option: string, value: number | undefined): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
    throw new InvalidOptionError(option, 'a whole number of at least 1', value)
  }
}
