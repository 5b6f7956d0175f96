import { type ParseArgsConfig, parseArgs } from 'node:util'
import { z } from 'zod'

/** A whole number in a flag. */
export const whole = (least: number) =>
  z.coerce.number('expected a number').int('expected a whole number').min(least, `expected at least ${least}`)

/** Several of a kind, with commas. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((text) => (typeof text === 'string' ? text.split(',') : text), z.array(item))

/**
 * The flags of a script that is not part of the `edt` command. Prints the usage and ends the process with 0 on `--help`; with a sentence and 2 on a
 * mistake.
 * @param options as `parseArgs` takes them, with strings for all but switches
 * @param schema what each must be
 */
export function readFlags<Flags>(
  usage: string,
  options: NonNullable<ParseArgsConfig['options']>,
  schema: z.ZodType<Flags>,
  args: string[] = process.argv.slice(2),
): Flags {
  const end = (code: 0 | 2, problem?: string): never => {
    if (problem === undefined) console.log(usage)
    else console.error(`${problem}\n\n${usage}`)
    return process.exit(code)
  }
  let values: ReturnType<typeof parseArgs>['values']
  try {
    values = parseArgs({ args, options: { ...options, help: { type: 'boolean' } } }).values
  } catch (error) {
    return end(2, (error as Error).message)
  }
  if (values.help) return end(0)
  const checked = schema.safeParse(values)
  if (checked.success) return checked.data
  const [{ path, message }] = checked.error.issues
  const given = values[String(path[0])]
  return end(2, `--${String(path[0])}${given === undefined ? '' : ` ${[given].flat().join(',')}`}: ${message}`)
}
