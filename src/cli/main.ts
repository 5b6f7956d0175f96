import type { CommandModule } from 'yargs'
import { describeFailure } from './failure.js'
import { colorsFor } from './output.js'
import { program } from './program.js'

/**
 * Runs one command line and returns its exit code: 0, 2 for a mistake of the user, 1 for one of ours, 130 after Ctrl-C.
 * Messages have gone to stderr by then.
 */
export async function main(args: readonly string[], commands: readonly CommandModule[]): Promise<number> {
  try {
    await program(args, commands).parseAsync()
    return 0
  } catch (error) {
    const verbose = args.includes('--verbose') || Boolean(process.env.EDT_DEBUG)
    const { message, exitCode } = describeFailure(error, verbose)
    const { red } = colorsFor(process.stderr)
    process.stderr.write(`${red('edt:')} ${message}\n`)
    return exitCode
  }
}
