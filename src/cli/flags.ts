import { z } from 'zod'

/** How a flag is read from the command line. A config file gives the value as it is. */
export type FlagSyntax = 'text' | 'number' | 'toggle' | 'texts' | 'numbers'

/** One setting of a command: a flag on the command line and a key of a config file. */
export interface Flag<Value = unknown> {
  /** One line for `--help`. */
  describe: string
  syntax: FlagSyntax
  schema: z.ZodType<Value>
  /** What a good value is, as an error says it: `a whole number of at least 1`. */
  expected: string
  /** Undefined: the setting is left open. */
  default?: Value
  /** What `--help` shows as default when the value itself says little. */
  defaultDescription?: string
  /** One letter. */
  alias?: string
  /** Heading in `--help`. */
  group?: string
  /** Values to choose from. */
  choices?: readonly string[]
  /** False for flags that change what is shown, not what is computed: they are not written into a run's settings. */
  recorded?: boolean
}

/** Settings of one command by their camelCase names. */
export type Flags = Record<string, Flag>

/** The values that a command gets. */
export type Settings<F extends Flags> = { [Name in keyof F]: F[Name] extends Flag<infer Value> ? Value : never }

interface Common {
  alias?: string
  group?: string
  recorded?: boolean
  defaultDescription?: string
}

interface Preset<Value> {
  default: Value
}

interface Bounds {
  /** Smallest value allowed. */
  min?: number
  /** Largest value allowed. */
  max?: number
  /** All values must be greater than this. */
  above?: number
}

/** A whole number. */
export function integer(describe: string, options: Common & Bounds & Preset<number>): Flag<number>
export function integer(describe: string, options?: Common & Bounds): Flag<number | undefined>
export function integer(describe: string, options: Common & Bounds & Partial<Preset<number>> = {}): Flag<number> {
  const { schema, range } = bounded(z.number().int(), options)
  return {
    describe,
    syntax: 'number',
    schema: open(schema, options),
    expected: `a whole number${range}`,
    ...kept(options),
  }
}

/** Any finite number. */
export function decimal(describe: string, options: Common & Bounds & Preset<number>): Flag<number>
export function decimal(describe: string, options?: Common & Bounds): Flag<number | undefined>
export function decimal(describe: string, options: Common & Bounds & Partial<Preset<number>> = {}): Flag<number> {
  const { schema, range } = bounded(z.number(), options)
  return { describe, syntax: 'number', schema: open(schema, options), expected: `a number${range}`, ...kept(options) }
}

/** The word `any`, or a number of a range. */
export function oneOrAny(
  describe: string,
  [min, max]: readonly [number, number],
  options: Common & Preset<'any' | number>,
): Flag<'any' | number> {
  const number = z.preprocess(
    (value) => (typeof value === 'string' && value !== '' ? Number(value) : value),
    z.number().min(min).max(max),
  )
  return {
    describe,
    syntax: 'text',
    schema: z.union([z.literal('any'), number]) as z.ZodType<'any' | number>,
    expected: `any or a number from ${min} to ${max}`,
    ...options,
  }
}

/** Several numbers, separated by commas on the command line, an array in a config file. */
export function decimals(describe: string, options: Common & Bounds & Preset<number[]>): Flag<number[]>
export function decimals(describe: string, options?: Common & Bounds): Flag<number[] | undefined>
export function decimals(describe: string, options: Common & Bounds & Partial<Preset<number[]>> = {}): Flag<number[]> {
  const { schema, range } = bounded(z.number(), options)
  const expected = `numbers${range} separated by commas`
  return { describe, syntax: 'numbers', schema: open(z.array(schema).min(1), options), expected, ...kept(options) }
}

/** Text that is not empty. */
export function text(describe: string, options: Common & Preset<string>): Flag<string>
export function text(describe: string, options?: Common): Flag<string | undefined>
export function text(describe: string, options: Common & Partial<Preset<string>> = {}): Flag<string> {
  return { describe, syntax: 'text', schema: open(z.string().min(1), options), expected: 'text', ...kept(options) }
}

/** Text, given once or several times; one string or an array in a config file. */
export function texts(describe: string, options: Common & Preset<string[]>): Flag<string[]>
export function texts(describe: string, options?: Common): Flag<string[] | undefined>
export function texts(describe: string, options: Common & Partial<Preset<string[]>> = {}): Flag<string[]> {
  const schema = z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(z.string().min(1)).min(1),
  )
  return { describe, syntax: 'texts', schema: open(schema, options), expected: 'text', ...kept(options) }
}

/** One of a few words. */
export function choice<const C extends string>(
  describe: string,
  choices: readonly C[],
  options: Common & Preset<C>,
): Flag<C>
export function choice<const C extends string>(
  describe: string,
  choices: readonly C[],
  options?: Common,
): Flag<C | undefined>
export function choice<const C extends string>(
  describe: string,
  choices: readonly C[],
  options: Common & Partial<Preset<C>> = {},
): Flag<C> {
  const expected = `one of ${choices.join(', ')}`
  return {
    describe,
    syntax: 'text',
    schema: open(z.enum(choices), options) as z.ZodType<C>,
    expected,
    choices,
    ...kept(options),
  }
}

/** One or several of a few words, separated by commas or given several times; an array in a config file. */
export function choices<const C extends string>(
  describe: string,
  words: readonly C[],
  options: Common = {},
): Flag<C[] | undefined> {
  const split = (value: unknown) => (typeof value === 'string' ? value.split(',').map((word) => word.trim()) : value)
  const schema = z.preprocess((value) => [value].flat().flatMap(split), z.array(z.enum(words)).min(1))
  const expected = `one or several of ${words.join(', ')}`
  return {
    describe,
    syntax: 'texts',
    schema: schema.optional() as z.ZodType<C[] | undefined>,
    expected,
    choices: words,
    ...options,
  }
}

/** A switch that is off unless given; `--no-NAME` switches off what a config file switched on. */
export function toggle(describe: string, options: Common = {}): Flag<boolean> {
  return { describe, syntax: 'toggle', schema: z.boolean(), expected: 'true or false', default: false, ...options }
}

/** The same flags with other defaults. */
export function withDefaults<F extends Flags>(flags: F, defaults: { [Name in keyof F]?: Settings<F>[Name] }): F {
  const changed = Object.entries(defaults).map(([name, value]) => [
    name,
    { ...flags[name], default: value, defaultDescription: undefined },
  ])
  return { ...flags, ...Object.fromEntries(changed) }
}

/** `maxNewTokens` → `max-new-tokens`. */
export function flagName(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** `max-new-tokens` → `maxNewTokens`. */
export function settingName(flag: string): string {
  return flag.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function bounded(schema: z.ZodNumber, { min, max, above }: Bounds) {
  let checked = schema
  const words: string[] = []
  if (min !== undefined) {
    checked = checked.min(min)
    words.push(`of at least ${min}`)
  }
  if (above !== undefined) {
    checked = checked.gt(above)
    words.push(`above ${above}`)
  }
  if (max !== undefined) {
    checked = checked.max(max)
    words.push(`${words.length === 0 ? 'of ' : ''}at most ${max}`)
  }
  return { schema: checked, range: words.length === 0 ? '' : ` ${words.join(' and ')}` }
}

/** A flag without a default may be left out. */
function open<Value>(schema: z.ZodType<Value>, options: Partial<Preset<Value>>): z.ZodType<Value> {
  return (options.default === undefined ? schema.optional() : schema) as z.ZodType<Value>
}

function kept<Value>({ alias, group, recorded, defaultDescription, default: preset }: Common & Partial<Preset<Value>>) {
  return { alias, group, recorded, defaultDescription, default: preset }
}
