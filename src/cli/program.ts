import yargs, { type Argv, type CommandModule } from 'yargs'
import { VERSION } from '../version.js'
import type { CommandGroup } from './command.js'
import { UsageError } from './errors.js'
import { STANDARD_INPUT } from './input.js'
import { didYouMean } from './suggest.js'

/**
 * The `edt` command line as yargs sees it. Parsing it runs the command; whatever goes wrong is thrown, nothing ends the process.
 * @throws {UsageError} for what yargs itself finds wrong, in words that say what to do
 */
export function program(args: readonly string[], commands: readonly CommandModule[]): Argv {
  refuseInheritedNames(args)
  return yargs(args.map((arg) => (arg === '-' ? STANDARD_INPUT : arg)))
    .scriptName('edt')
    .usage(
      '$0 <command>\n\nLearns the two settings of entropy-based dynamic temperature sampling for each prompt, and decodes with them.',
    )
    .locale('en')
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'strip-aliased': true,
    })
    .command([...commands])
    .demandCommand(1)
    .strictCommands()
    .help('help')
    .alias('help', 'h')
    .version(VERSION)
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .epilogue('`edt <command> --help` shows the flags of a command with two examples.')
    .exitProcess(false)
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error
      throw new UsageError(explain(message ?? error.message, args, commands))
    })
}

/**
 * yargs keeps what it knows of flags in plain objects, and stumbles over names that every object has.
 * @throws {UsageError}
 */
function refuseInheritedNames(args: readonly string[]): void {
  for (const arg of args) {
    if (arg === '--') return
    const name = /^--?(?:no-)?([^=.]*)/.exec(arg)?.[1]
    if (name !== undefined && name in {}) throw new UsageError(`There is no flag "--${name}".`)
  }
}

/** yargs' own message, turned into a sentence that says what to do. */
function explain(message: string, args: readonly string[], commands: readonly CommandModule[]): string {
  const path = commandPath(args, commands)
  const choices = path.length === 0 ? commands : ((path.at(-1) as Partial<CommandGroup>).subcommands ?? [])
  const called = path.map(nameOf).join(' ')
  const names = choices.map(nameOf)
  const help = `See \`edt ${called || '<command>'} --help\`.`

  const unknown = /^Unknown commands?: (.*)$/s.exec(message)?.[1]
  if (unknown !== undefined && names.length > 0) {
    const word = unknown.split(', ')[0]
    const what = called === '' ? `There is no command "${word}".` : `${called}: there is no "${word}".`
    return what + (didYouMean(word, names) || ` There is: ${names.join(', ')}.`)
  }
  if (unknown !== undefined)
    return `${called}: "${unknown}" is one argument too many; put an argument with blanks in quotes. ${help}`
  const valueless = /^Not enough arguments following: (.*)$/.exec(message)?.[1]
  if (valueless !== undefined) return `--${valueless} needs a value. ${help}`
  if (message.startsWith('Not enough non-option arguments')) {
    if (names.length > 0) return `Say what to do: edt ${[called, names.join(' | ')].filter(Boolean).join(' ')}. ${help}`
    return `An argument is missing: edt ${[...path.slice(0, -1).map(nameOf), path.at(-1)?.command].join(' ')}. ${help}`
  }
  return `${message}. ${help}`
}

/** The command that the arguments call, with the group that it is in. */
function commandPath(args: readonly string[], commands: readonly CommandModule[]): CommandModule[] {
  const path: CommandModule[] = []
  let choices = commands
  for (const word of args) {
    const next = choices.find((command) => nameOf(command) === word)
    if (next === undefined) break
    path.push(next)
    choices = (next as Partial<CommandGroup>).subcommands ?? []
  }
  return path
}

function nameOf({ command }: CommandModule): string {
  return String(command).split(' ')[0]
}
