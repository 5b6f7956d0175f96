import type { CommandModule } from 'yargs'
import { ablateCommand } from './ablate.js'
import { collectCommand } from './collect.js'
import { generateCommand } from './generate.js'
import { inspectCommand } from './inspect.js'
import { scoreCommand } from './score.js'

/** Every command of `edt`, in the order of the help. */
export const commands: readonly CommandModule[] = [
  collectCommand,
  ablateCommand,
  generateCommand,
  scoreCommand,
  inspectCommand,
]
