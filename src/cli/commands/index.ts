import type { CommandModule } from 'yargs'
import { generateCommand } from './generate.js'
import { scoreCommand } from './score.js'

/** Every command of `edt`, in the order of the help. */
export const commands: readonly CommandModule[] = [generateCommand, scoreCommand]
