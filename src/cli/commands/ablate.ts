import { defineCommand } from '../command.js'
import { modelFlags } from '../common-flags.js'
import { findRunTuner } from '../find-tuner.js'
import { choice, type Flags, integer, text } from '../flags.js'
import { evaluationFlags, evaluationOptions, openTasks, runFlags, runFolder, workersFlag } from '../run-flags.js'
import { runProgress } from '../run-progress.js'
import { recordedSettings } from '../settings.js'

const flags = {
  ...runFlags,
  tuner: text('Tuner to compare: a name, a checkpoint folder or a run folder', {
    defaultDescription: "the run's, else the one shipped for the model",
  }),
  split: choice('Prompts to evaluate on', ['train', 'validation', 'test'], { default: 'test' }),
  ...evaluationFlags,
  seed: integer('Same seed, same numbers', { min: 0, default: 0 }),
  ...modelFlags,
  ...workersFlag,
} satisfies Flags

export const ablateCommand = defineCommand({
  command: 'ablate',
  describe: 'Compare fixed settings, learned EDT and the per-prompt oracle on held-out prompts',
  flags,
  examples: [
    ['edt ablate --out runs/my-run', "The run's tuner on all test prompts, with a report"],
    ['edt ablate --tuner universal --task answer --test-prompts 50 --oracle-prompts 0', 'A quick look at one task'],
  ],
  async run({ settings, output, signal }) {
    const [{ evaluate, inRun }, { loadTuner }, { formatAblation }] = await Promise.all([
      import('../../../training/run/index.js'),
      import('../../tuner/index.js'),
      import('../../../training/report/index.js'),
    ])
    const tasks = await openTasks(settings.task)
    const root = runFolder(settings)
    const tuner = await loadTuner(await findRunTuner(settings.tuner, root, settings.model))
    output.say(`Comparing the tuner ${tuner.path} with fixed settings, in ${root}`)
    const progress = runProgress(output)
    const result = await inRun(root, 'ablate', recordedSettings(flags, settings), (run) =>
      evaluate(run, {
        ...evaluationOptions(settings),
        ...{ tuner, tasks, signal, split: settings.split, onProgress: progress.ablate },
      }).finally(progress.stop),
    )
    output.print(formatAblation(result.ablation))
    output.print(`Report: ${result.report}`)
    output.document({ run: root, ...result })
  },
})
