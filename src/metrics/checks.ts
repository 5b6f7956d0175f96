import { describeValue, InvalidOptionError } from '../errors.js'
import { MetricInputError } from './errors.js'

/** @throws {MetricInputError} unless `texts` is a list of at least one string */
export function checkTexts(metric: string, what: string, texts: unknown): asserts texts is readonly string[] {
  if (!Array.isArray(texts)) {
    throw new MetricInputError(metric, `${what} must be a list of strings, but is ${describeValue(texts)}.`)
  }
  if (texts.length === 0) throw new MetricInputError(metric, `${what} is an empty list; give at least one string.`)
  for (let i = 0; i < texts.length; i++) checkText(metric, `${what}[${i}]`, texts[i])
}

/** @throws {MetricInputError} unless `text` is a string */
export function checkText(metric: string, what: string, text: unknown): asserts text is string {
  if (typeof text !== 'string') {
    throw new MetricInputError(metric, `${what} must be a string, but is ${describeValue(text)}.`)
  }
}

/** @throws {MetricInputError} unless the two lists are equally long and not empty */
export function checkPairs(metric: string, left: [string, readonly unknown[]], right: [string, readonly unknown[]]) {
  for (const [what, list] of [left, right]) {
    if (!Array.isArray(list))
      throw new MetricInputError(metric, `${what} must be a list, but is ${describeValue(list)}.`)
  }
  if (left[1].length !== right[1].length) {
    throw new MetricInputError(
      metric,
      `${left[0]} has ${left[1].length} entries, but ${right[0]} has ${right[1].length}; entry i of one belongs to entry i of the other.`,
    )
  }
  if (left[1].length === 0) throw new MetricInputError(metric, `${left[0]} is an empty list; give at least one entry.`)
}

/** @throws {InvalidOptionError} unless `value` is one of `allowed` */
export function checkChoice<T extends string>(option: string, allowed: readonly T[], value: unknown): T {
  if (!allowed.includes(value as T)) throw new InvalidOptionError(option, `one of ${allowed.join(', ')}`, value)
  return value as T
}

/** @throws {InvalidOptionError} unless `value` is a finite number ≥ `least` (> `least` when `open`) */
export function checkNumber(option: string, value: unknown, least: number, open = false): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < least || (open && value === least)) {
    throw new InvalidOptionError(option, `a number ${open ? 'above' : 'of at least'} ${least}`, value)
  }
  return value
}

/** @throws {InvalidOptionError} unless `value` is a whole number ≥ `least` */
export function checkInteger(option: string, value: unknown, least: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw new InvalidOptionError(option, `a whole number of at least ${least}`, value)
  }
  return value as number
}
