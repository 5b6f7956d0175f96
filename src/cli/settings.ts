import { describeValue, EdtError, InvalidOptionError } from '../errors.js'
import { readTextBounded } from '../files.js'
import { ConfigFileError, UsageError } from './errors.js'
import { type Flag, type Flags, flagName, type Settings, settingName } from './flags.js'
import { didYouMean } from './suggest.js'

/** What a `--config` file says, its keys in camelCase. */
export interface ConfigFile {
  path: string
  values: Record<string, unknown>
}

/**
 * The settings of a command: flags before the config file before the settings that a run has already before the defaults.
 * @param given flags as yargs read them, by their names on the command line
 * @param recorded what the run was made with; keys that are no flags of this command are left out
 * @throws {UsageError} for an unknown flag, {ConfigFileError} for an unknown key, {InvalidOptionError} for a bad value
 */
export function resolveSettings<F extends Flags>(
  flags: F,
  given: Record<string, unknown>,
  config?: ConfigFile,
  recorded?: ConfigFile,
): Settings<F> {
  refuseUnknownFlags(flags, given)
  if (config !== undefined) refuseUnknownKeys(flags, config)
  const settings: Record<string, unknown> = {}
  for (const [name, flag] of Object.entries(flags)) {
    const argument = given[flagName(name)]
    const file = [config, recorded].find((candidate) => candidate?.values[name] !== undefined)
    if (argument !== undefined) settings[name] = fromArgument(name, flag, argument)
    else if (file !== undefined) settings[name] = fromConfig(name, flag, file.values[name], file.path)
    else settings[name] = flag.default
  }
  return settings as Settings<F>
}

/** The settings that decide the numbers: those of `flags`, without what only says where the output goes. */
export function recordedSettings<F extends Flags>(flags: F, settings: Settings<F>): Record<string, unknown> {
  const recorded = Object.keys(flags).filter((name) => flags[name].recorded !== false)
  return Object.fromEntries(recorded.map((name) => [name, settings[name]]))
}

/**
 * Reads a `--config` file: one JSON object whose keys are flags without their dashes (`maxNewTokens` or `max-new-tokens`).
 * A key that is the name of a command holds an object of settings for that command alone, so a run's settings.json is a
 * config file too.
 * @throws {ConfigFileError} when it cannot be read or is no JSON object
 */
export async function readConfig(path: string, command: string): Promise<ConfigFile> {
  let content: string
  try {
    content = await readTextBounded(path)
  } catch (error) {
    if (error instanceof EdtError) throw error
    throw new ConfigFileError(path, `the config file cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch (error) {
    throw new ConfigFileError(path, `the config file is not valid JSON: ${(error as Error).message}.`)
  }
  if (!isObject(parsed)) {
    const found = describeValue(parsed)
    throw new ConfigFileError(path, `a config file is one JSON object such as {"samples": 5}, but this is ${found}.`)
  }
  const shared = Object.entries(parsed).filter(([, value]) => !isObject(value))
  const section = parsed[command]
  const own = isObject(section) ? Object.entries(section) : []
  return { path, values: Object.fromEntries([...shared, ...own].map(([key, value]) => [settingName(key), value])) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fromArgument(name: string, flag: Flag, argument: unknown): unknown {
  if (Array.isArray(argument) && flag.syntax !== 'texts') {
    throw new UsageError(`--${flagName(name)} is given ${argument.length} times; give it once.`)
  }
  const value = flag.syntax === 'numbers' ? String(argument).split(',').map(toNumber) : argument
  const parsed = flag.schema.safeParse(value)
  if (!parsed.success) throw new InvalidOptionError(`--${flagName(name)}`, flag.expected, argument)
  return parsed.data
}

function fromConfig(name: string, flag: Flag, value: unknown, path: string): unknown {
  const parsed = flag.schema.safeParse(value)
  if (!parsed.success)
    throw new ConfigFileError(path, `"${name}" must be ${flag.expected}, but is ${describeValue(value)}.`)
  return parsed.data
}

/** '' and ' ' are no numbers, although Number() takes them for 0. */
function toNumber(part: string): number {
  return part.trim() === '' ? Number.NaN : Number(part)
}

function refuseUnknownFlags(flags: Flags, given: Record<string, unknown>): void {
  const known = Object.entries(flags).flatMap(([name, flag]) => [
    flagName(name),
    ...(flag.alias === undefined ? [] : [flag.alias]),
  ])
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      throw new UsageError(
        `There is no flag "${dashed(name)}".${didYouMean(flagName(name).replaceAll('_', '-'), known, '--')}`,
      )
    }
  }
}

function refuseUnknownKeys(flags: Flags, { path, values }: ConfigFile): void {
  const known = Object.keys(flags)
  for (const key of Object.keys(values)) {
    if (!known.includes(key)) {
      const match = didYouMean(key, known)
      throw new ConfigFileError(
        path,
        `there is no setting "${key}".${match === '' ? ` Settings: ${known.join(', ')}.` : match}`,
      )
    }
  }
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`
}
