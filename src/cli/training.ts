import type { RunFolder, TrainResult, TrainStep } from '../../training/run/index.js'
import type { Invocation } from './command.js'
import { modelFlags } from './common-flags.js'
import { printCost } from './cost-view.js'
import { type Flags, withDefaults } from './flags.js'
import type { Output } from './output.js'
import {
  collectFlags,
  collectOptions,
  evaluationFlags,
  evaluationOptions,
  fitFlags,
  fitOptions,
  openTasks,
  runFlags,
  seedFlag,
  workersFlag,
} from './run-flags.js'
import { runProgress } from './run-progress.js'
import { printCollect, printEvaluation, printFit } from './run-view.js'

/** All that `train` and `quickstart` may be told. */
export const trainFlags = {
  ...runFlags,
  ...collectFlags,
  ...fitFlags,
  // What takes longer is for `edt ablate`.
  ...withDefaults(evaluationFlags, { tunePrompts: 0, curvePrompts: 0, timingPrompts: 0 }),
  ...seedFlag,
  ...modelFlags,
  ...workersFlag,
} satisfies Flags

const STEPS: Record<TrainStep, string> = {
  collect: 'Collect: sample every training prompt on a grid of (T0, theta), and score the samples',
  fit: 'Fit: train the tuner on what was collected',
  evaluate: 'Evaluate: compare the tuner with fixed settings on prompts that it has not seen',
}

/**
 * Trains in the run's folder and prints each step's result as it comes.
 * @param steps how many steps the command has in all, for their numbers
 */
export async function trainAndPrint(
  run: RunFolder,
  { settings, output, signal }: Omit<Invocation<typeof trainFlags>, 'positionals'>,
  steps: number,
): Promise<TrainResult> {
  const { train } = await import('../../training/run/index.js')
  const tasks = await openTasks(settings, output)
  output.say(`Model ${settings.model}, tasks ${tasks.map(({ definition }) => definition.name).join(', ')}`)
  const progress = runProgress(output)
  const names = Object.keys(STEPS) as TrainStep[]
  const result = await train(run, {
    collect: {
      ...collectOptions(settings),
      ...{ tasks, signal, onProgress: progress.collect },
      onEstimate: (cost) => printCost(cost, output),
    },
    fit: { ...fitOptions(settings), signal, onProgress: progress.fit },
    evaluate: { ...evaluationOptions(settings), tasks, signal, onProgress: progress.ablate },
    onStep: (step) => {
      progress.stop()
      printStep(names.indexOf(step) + 1, steps, STEPS[step], output)
    },
    onCollected: (collected) => {
      progress.stop()
      printCollect(collected, output)
    },
    onFitted: (fitted) => {
      progress.stop()
      printFit(fitted, output)
    },
  }).finally(progress.stop)
  printEvaluation(result, output)
  return result
}

/** A numbered heading, so that a reader knows how far it is. */
export function printStep(number: number, steps: number, what: string, output: Output): void {
  output.print(output.colors.bold(`\n[${number}/${steps}] ${what}`))
}
