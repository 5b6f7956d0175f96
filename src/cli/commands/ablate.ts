import { defineCommand } from '../command.js'
import { modelFlags } from '../common-flags.js'
import { describeTuner, findRunTuner } from '../find-tuner.js'
import { choice, type Flags, text } from '../flags.js'
import { evaluationFlags, evaluationOptions, openTasks, runFlags, seedFlag, workersFlag } from '../run-flags.js'
import { runProgress } from '../run-progress.js'
import { printEvaluation } from '../run-view.js'
import { recordedSettings } from '../settings.js'

const flags = {
  ...runFlags,
  tuner: text('Tuner to compare: a name, a checkpoint folder or a run folder', {
    defaultDescription: "the run's, else the one shipped for the model",
  }),
  split: choice('Prompts to evaluate on', ['train', 'validation', 'test'], { default: 'test' }),
  ...evaluationFlags,
  ...seedFlag,
  ...modelFlags,
  ...workersFlag,
} satisfies Flags

export const ablateCommand = defineCommand({
  command: 'ablate',
  describe:
    'Compare strategies, each tuned on the same training prompts, with learned EDT and the oracle on held-out prompts',
  flags,
  examples: [
    ['edt ablate --out runs/my-run', "The run's tuner on all test prompts, with a report"],
    ['edt ablate --out runs/my-run --strategies all --tune-prompts 200', 'Every strategy; the same command goes on'],
    [
      'edt ablate --tuner universal --task answer --test-prompts 50 --tune-prompts 0 --oracle-prompts 0 --curve-prompts 0',
      'A quick look at one task',
    ],
  ],
  async run({ settings, output, signal }) {
    const [{ evaluate, inRun }, { loadTuner }] = await Promise.all([
      import('../../../training/run/index.js'),
      import('../../tuner/index.js'),
    ])
    const tasks = await openTasks(settings, output)
    const root = settings.out!
    const tuner = await loadTuner(await findRunTuner(settings.tuner, root, settings.model))
    output.say(`Comparing the tuner ${describeTuner(tuner)} with other strategies, in ${root}`)
    const progress = runProgress(output)
    const result = await inRun(root, 'ablate', recordedSettings(flags, settings), (run) =>
      evaluate(run, {
        ...evaluationOptions(settings),
        ...{ tuner, tasks, signal, split: settings.split, onProgress: progress.ablate },
      }).finally(progress.stop),
    )
    printEvaluation(result, output)
    output.document({ run: root, ...result })
  },
})
