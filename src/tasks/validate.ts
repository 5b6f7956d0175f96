import type { z } from 'zod'
import { DataFileError, describeValue } from '../errors.js'

/**
 * The value as the schema gives it back.
 * @param line 1 for the first; undefined when the whole file is the value
 * @throws {DataFileError} for the first thing that does not fit, naming its field
 */
export function validate<Schema extends z.ZodType>(
  file: string,
  line: number | undefined,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue.code === 'unrecognized_keys') {
    const problem = 'is not a known field; correct its name or remove it.'
    throw new DataFileError(file, line, fieldPath([...issue.path, issue.keys[0]]), problem)
  }
  const { path, expected } = expectation(issue)
  const { found, siblings } = lookUp(value, path)
  const problem =
    found === undefined
      ? `is missing; expected ${expected}, but the object has only ${siblings.join(', ') || 'no fields'}.`
      : `expected ${expected}, but found ${describeValue(found)}.`
  throw new DataFileError(file, line, path.length === 0 ? undefined : fieldPath(path), problem)
}

/**
 * What was expected where. zod says `Invalid input: expected string, received null`; what was found we say ourselves,
 * with its value. Of a union the alternative counts that fits furthest into the value; before that, all of them.
 */
function expectation(issue: z.core.$ZodIssue): { path: PropertyKey[]; expected: string } {
  // A union told apart by one field has no alternatives when that field's value is none of the known ones.
  if (issue.code === 'invalid_union' && issue.errors.length === 0)
    return { path: issue.path, expected: 'a known value' }
  if (issue.code === 'invalid_union') {
    const alternatives = issue.errors.map(([first]) => expectation(first))
    const furthest = alternatives.reduce((a, b) => (b.path.length > a.path.length ? b : a))
    if (furthest.path.length > 0) return { path: [...issue.path, ...furthest.path], expected: furthest.expected }
    return { path: issue.path, expected: alternatives.map(({ expected }) => expected).join(' or ') }
  }
  const expected = /expected (.*?)(?:, received [^,]*)?$/.exec(issue.message)?.[1] ?? issue.message
  return { path: issue.path, expected }
}

/** The value at a path, and the keys beside it. */
function lookUp(value: unknown, path: readonly PropertyKey[]): { found: unknown; siblings: string[] } {
  let found = value
  let siblings: string[] = []
  for (const key of path) {
    siblings = Object.keys(found as object)
    found = (found as Record<PropertyKey, unknown>)[key]
  }
  return { found, siblings }
}

/** `translation.zh`, `references[1]` */
function fieldPath(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('')
}

/**
 * @param line where the text starts, 1 for the first line of the file
 * @throws {DataFileError} for text that is not JSON
 */
export function parseJson(file: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = (error as Error).message
    const position = Number(/at position (\d+)/.exec(reason)?.[1] ?? Number.NaN)
    const linesBefore = Number.isNaN(position) ? 0 : text.slice(0, position).split('\n').length - 1
    const short = reason.replace(/ in JSON at position.*| at position.*/s, '').replace(/, .* is not valid JSON$/s, '')
    throw new DataFileError(
      file,
      line + linesBefore,
      undefined,
      `expected a complete JSON object, but it is not JSON (${short}): ${describeValue(text)}.`,
    )
  }
}
