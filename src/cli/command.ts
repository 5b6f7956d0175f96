import type { Argv, CommandModule, PositionalOptions } from 'yargs'
import { UsageError } from './errors.js'
import { type Flag, type Flags, flagName, type Settings, text, toggle } from './flags.js'
import { InterruptedError, interruptSignal } from './interrupt.js'
import { createOutput, keepStdoutForResults, type Output } from './output.js'
import { readRunSettings, runFolder } from './run-folder.js'
import { readConfig, resolveSettings } from './settings.js'

/** A command line, read and checked. */
export interface CommandLine<F extends Flags> {
  settings: Settings<F>
  /** Arguments without a flag, by their names in the command's syntax. */
  positionals: Record<string, string | undefined>
  /** Arguments without a flag of a command that takes any number of them, such as `study [names..]`. */
  words: string[]
}

/** What a command gets when it runs. */
export interface Invocation<F extends Flags> extends CommandLine<F> {
  output: Output
  /** Set off by Ctrl-C. */
  signal: AbortSignal
}

export interface CommandOptions<F extends Flags> {
  /** yargs' syntax, e.g. `generate [prompt]`. */
  command: string
  /** One line. */
  describe: string
  positionals?: Record<string, PositionalOptions>
  flags: F
  /** A command line as a user would type it, and what it is for. */
  examples: readonly (readonly [line: string, purpose: string])[]
  run(invocation: Invocation<F>): Promise<void>
}

/** Flags that every command has. */
const outputFlags = {
  config: text('JSON file with settings; flags win over it', { group: 'Output:', recorded: false }),
  json: toggle('Print one JSON document on stdout and nothing else there', { group: 'Output:', recorded: false }),
  quiet: toggle('No progress and no messages', { alias: 'q', group: 'Output:', recorded: false }),
  verbose: toggle('More messages, and the stack of an unexpected error', { group: 'Output:', recorded: false }),
} satisfies Flags

/** A command that can also be read without running it. */
export interface DefinedCommand<F extends Flags = Flags> extends CommandModule {
  /** @param argv what yargs made of the command line @throws {UsageError} {InvalidOptionError} {ConfigFileError} for what is wrong with it */
  read(argv: Parameters<CommandModule['handler']>[0]): Promise<CommandLine<F & typeof outputFlags>>
}

/** A yargs command module: flags from the table, settings resolved and checked, then `run`. */
export function defineCommand<F extends Flags>(options: CommandOptions<F>): DefinedCommand<F> {
  const flags: Flags = { ...options.flags, ...outputFlags }
  const name = options.command.split(' ')[0]
  const positionals = Object.entries(options.positionals ?? {})
  const several = /\[(\w+)\.\.\]/.exec(options.command)?.[1]
  const read: DefinedCommand<F>['read'] = async (argv) => {
    const { _: unnamedWords, $0: _script, ...given } = argv
    const unnamed = unnamedWords.slice(unnamedWords.indexOf(name) + 1).map(String)
    const words = several === undefined ? [] : takeSeveral(several, given, unnamed)
    const names = positionals.map(([key]) => key).filter((key) => key !== several)
    const named = takePositionals(names, given, unnamed)
    const settings = await settingsOf(flags, given, name)
    return { settings: settings as Settings<F & typeof outputFlags>, positionals: named, words }
  }
  return {
    read,
    command: options.command,
    describe: options.describe,
    builder: (yargs) => {
      for (const [key, positional] of positionals) yargs.positional(key, { type: 'string', ...positional })
      for (const [key, flag] of Object.entries(flags)) addFlag(yargs, key, flag)
      const examples = options.examples.map(([line, purpose]) => `  ${line}\n      ${purpose}`)
      return yargs.epilogue(`Examples:\n${examples.join('\n')}`)
    },
    handler: async (argv) => {
      const line = await read(argv)
      const settings: Settings<Flags> = line.settings
      const output = createOutput(line.settings as Settings<typeof outputFlags>)
      keepStdoutForResults()
      const { signal, release } = interruptSignal(() =>
        output.say('Stopping in order (press Ctrl-C again to stop at once) …'),
      )
      try {
        await options.run({ ...line, output, signal })
      } catch (error) {
        if (error instanceof InterruptedError && settings.out !== undefined) {
          output.say(`What is done is kept; go on with: edt ${name} --out ${settings.out}`)
        }
        throw error
      } finally {
        release()
      }
    },
  }
}

/**
 * Moves the named arguments out of `given`. yargs leaves what follows a `--` unnamed: arguments that begin with a dash.
 * @throws {UsageError} when there are more than the command has names for
 */
function takePositionals(names: readonly string[], given: Record<string, unknown>, unnamed: string[]) {
  const taken: Record<string, string | undefined> = {}
  for (const name of names) {
    taken[name] = (given[name] as string | undefined) ?? unnamed.shift()
    delete given[name]
  }
  if (unnamed.length > 0)
    throw new UsageError(`"${unnamed[0]}" is one argument too many; put an argument with blanks in quotes.`)
  return taken
}

/** Moves the arguments of a positional that takes any number of them out of `given`, and those behind a `--` with them. */
function takeSeveral(name: string, given: Record<string, unknown>, unnamed: string[]): string[] {
  const taken = [...((given[name] as string[] | undefined) ?? []), ...unnamed.splice(0)]
  delete given[name]
  return taken
}

/** A command with `--out` works in a run's folder; what the run was made with holds unless the user says otherwise. */
async function settingsOf(flags: Flags, given: Record<string, unknown>, command: string): Promise<Settings<Flags>> {
  const { config: path } = given
  if (Array.isArray(path)) throw new UsageError('Give one --config file.')
  const config = path === undefined ? undefined : await readConfig(String(path), command)
  const settings = resolveSettings(flags, given, config)
  if (flags.out === undefined) return settings
  const out = runFolder(settings as { out?: string; model: string; task: string[] })
  return { ...resolveSettings(flags, given, config, await readRunSettings(out, command)), out }
}

/** A command that only holds others, such as `edt score bleu | rouge | self-bleu`. */
export interface CommandGroup extends CommandModule {
  subcommands: readonly CommandModule[]
}

export function defineGroup(command: string, describe: string, subcommands: readonly CommandModule[]): CommandGroup {
  return {
    command,
    describe,
    subcommands,
    builder: (yargs) => yargs.command([...subcommands]).demandCommand(1),
    handler: () => {},
  }
}

/** True when a shell asks what could stand next on the command line (see `edt completion`). */
const completing = process.argv.includes('--get-yargs-completions')

function addFlag(yargs: Argv, name: string, flag: Flag): void {
  const byDefault = flag.syntax === 'toggle' && flag.default === false ? undefined : flag.default
  yargs.option(flagName(name), {
    describe: flag.choices === undefined ? flag.describe : `${flag.describe}: ${flag.choices.join(', ')}`,
    alias: flag.alias,
    group: flag.group ?? 'Settings:',
    // Only the help and the shell's completion know choices and defaults: values are checked in one place, for flags and config files alike.
    ...(completing && flag.choices !== undefined ? { choices: flag.choices } : {}),
    type: flag.syntax === 'toggle' ? 'boolean' : flag.syntax === 'number' ? undefined : 'string',
    requiresArg: flag.syntax !== 'toggle',
    defaultDescription: flag.defaultDescription ?? (byDefault === undefined ? undefined : String(byDefault)),
  })
}
