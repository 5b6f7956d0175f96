import type { CommandModule } from 'yargs'
import { ablateCommand } from './ablate.js'
import { chatCommand } from './chat.js'
import { collectCommand } from './collect.js'
import { completionCommand } from './completion.js'
import { dataCommand } from './data.js'
import { fitCommand } from './fit.js'
import { generateCommand } from './generate.js'
import { inspectCommand } from './inspect.js'
import { quickstartCommand } from './quickstart.js'
import { reportCommand } from './report.js'
import { scoreCommand } from './score.js'
import { serveCommand } from './serve.js'
import { studyCommand } from './study.js'
import { trainCommand } from './train.js'
import { workerCommand } from './worker.js'

/** Every command of `edt`, in the order of the help. */
export const commands: readonly CommandModule[] = [
  quickstartCommand,
  trainCommand,
  collectCommand,
  workerCommand,
  fitCommand,
  ablateCommand,
  studyCommand,
  reportCommand,
  generateCommand,
  chatCommand,
  serveCommand,
  dataCommand,
  scoreCommand,
  inspectCommand,
  completionCommand,
]
