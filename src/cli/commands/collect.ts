import { defineCommand } from '../command.js'
import { modelFlags } from '../common-flags.js'
import { type Flags, integer } from '../flags.js'
import { printProfile, profileFlag } from '../profile-view.js'
import { collectFlags, collectOptions, openTasks, runFlags, seedFlag, workersFlag } from '../run-flags.js'
import { runProgress } from '../run-progress.js'
import { printCollect } from '../run-view.js'
import { recordedSettings } from '../settings.js'

const flags = {
  ...runFlags,
  ...collectFlags,
  // Not called testPrompts: that is how many of them `train` and `ablate` decode, and a run's settings hold for all commands.
  studyPrompts: integer('Test prompts of a task to sample on the whole grid as well, for edt study', {
    min: 0,
    default: 0,
  }),
  ...seedFlag,
  ...modelFlags,
  ...workersFlag,
  ...profileFlag,
} satisfies Flags

export const collectCommand = defineCommand({
  command: 'collect',
  describe: 'Run the sampler over a grid of (T0, theta) on the training prompts of a task',
  flags,
  examples: [
    ['edt collect --task answer --train-prompts 100 --out runs/answer', 'A hundred prompts; the command again goes on'],
    ['edt collect --task ./my-task --grid-t0 0.5,1,1.5 --grid-theta 0,1,3', 'A task of your own, a small grid'],
  ],
  async run({ settings, output, signal }) {
    const { collectInRun, inRun } = await import('../../../training/run/index.js')
    const tasks = await openTasks(settings, output)
    const root = settings.out!
    const progress = runProgress(output)
    const result = await inRun(root, 'collect', recordedSettings(flags, settings), async (run) => {
      output.say(`Collecting ${settings.samples} samples a cell with ${settings.model} into ${run.store}`)
      const options = collectOptions(settings)
      const limits = { ...options.limits, test: settings.studyPrompts }
      const watched = { signal, onProgress: progress.collect }
      return collectInRun(run, { ...options, ...watched, tasks, limits }).finally(progress.stop)
    })
    printCollect(result, output)
    if (settings.profile) printProfile(result.profile, output)
    output.say(`Next: edt fit --out ${root}`)
    output.document({ run: root, ...result })
  },
})
