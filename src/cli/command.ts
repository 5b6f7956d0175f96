import type { ArgumentsCamelCase, Argv, CommandModule, PositionalOptions } from 'yargs'
import { UsageError } from './errors.js'
import { type Flag, type Flags, flagName, type Settings, text, toggle } from './flags.js'
import { interruptSignal } from './interrupt.js'
import { createOutput, keepStdoutForResults, type Output } from './output.js'
import { readConfig, resolveSettings } from './settings.js'

/** What a command gets when it runs. */
export interface Invocation<F extends Flags> {
  settings: Settings<F>
  /** Arguments without a flag, by their names in the command's syntax. */
  positionals: Record<string, string | undefined>
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
  /** Command line and what it does. */
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

/** A yargs command module: flags from the table, settings resolved and checked, then `run`. */
export function defineCommand<F extends Flags>(options: CommandOptions<F>): CommandModule {
  const flags: Flags = { ...options.flags, ...outputFlags }
  const positionals = Object.entries(options.positionals ?? {})
  return {
    command: options.command,
    describe: options.describe,
    builder: (yargs) => {
      for (const [name, positional] of positionals) yargs.positional(name, { type: 'string', ...positional })
      for (const [name, flag] of Object.entries(flags)) addFlag(yargs, name, flag)
      return yargs.example(options.examples.map(([line, purpose]): [string, string] => [line, purpose]))
    },
    handler: async (argv) => {
      const given = flagsOf(
        argv,
        positionals.map(([name]) => name),
      )
      const path = given.config
      if (path !== undefined && typeof path !== 'string') throw new UsageError('Give one --config file.')
      const settings = resolveSettings(
        flags,
        given,
        path === undefined ? undefined : await readConfig(path, String(options.command).split(' ')[0]),
      )
      const output = createOutput(settings as Settings<typeof outputFlags>)
      keepStdoutForResults()
      const { signal, release } = interruptSignal(() =>
        output.say('Stopping in order (press Ctrl-C again to stop at once) …'),
      )
      try {
        await options.run({
          settings: settings as Settings<F>,
          positionals: Object.fromEntries(positionals.map(([name]) => [name, argv[name] as string | undefined])),
          output,
          signal,
        })
      } finally {
        release()
      }
    },
  }
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

function addFlag(yargs: Argv, name: string, flag: Flag): void {
  const byDefault = flag.syntax === 'toggle' && flag.default === false ? undefined : flag.default
  yargs.option(flagName(name), {
    describe: flag.describe,
    alias: flag.alias,
    group: flag.group,
    // Only the help knows choices and defaults: values are checked in one place, for flags and config files alike.
    type: flag.syntax === 'toggle' ? 'boolean' : flag.syntax === 'number' ? undefined : 'string',
    requiresArg: flag.syntax !== 'toggle',
    defaultDescription: flag.defaultDescription ?? (byDefault === undefined ? undefined : String(byDefault)),
  })
}

function flagsOf(argv: ArgumentsCamelCase, positionals: readonly string[]): Record<string, unknown> {
  const rest = Object.entries(argv).filter(
    ([name, value]) => name !== '_' && name !== '$0' && !positionals.includes(name) && value !== undefined,
  )
  return Object.fromEntries(rest)
}
