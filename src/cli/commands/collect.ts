import type { CollectProgress, CostEstimate } from '../../../training/collect/index.js'
import { defineCommand } from '../command.js'
import { modelFlags } from '../common-flags.js'
import { describeCost, printCost } from '../cost-view.js'
import { type Flags, integer, toggle } from '../flags.js'
import { printProfile, profileFlag } from '../profile-view.js'
import { openQueueSide, printQueueStatus, queueStatusOf } from '../queue-collect.js'
import { queueFlags, queueUrl, triesFlag } from '../queue-flags.js'
import { collectFlags, collectOptions, dryRunFlag, openTasks, runFlags, seedFlag, workersFlag } from '../run-flags.js'
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
  ...dryRunFlag,
  ...queueFlags,
  ...triesFlag,
  status: toggle('Tell how the run is doing in its queue, and do nothing else', { recorded: false }),
} satisfies Flags

export const collectCommand = defineCommand({
  command: 'collect',
  describe: 'Run the sampler over a grid of (T0, theta) on the training prompts of a task',
  flags,
  examples: [
    ['edt collect --task answer --train-prompts 100 --out runs/answer', 'A hundred prompts; the command again goes on'],
    ['edt collect --task all --queue redis://jobs.example --out runs/all', 'The work of many `edt worker` processes'],
    ['edt collect --task ./my-task --grid-t0 0.5,1,1.5 --grid-theta 0,1,3', 'A task of your own, a small grid'],
  ],
  async run({ settings, output, signal }) {
    const { collectInRun, inRun, planCostInRun } = await import('../../../training/run/index.js')
    const root = settings.out!
    if (settings.status) {
      const status = await queueStatusOf(settings, root)
      printQueueStatus(status, root, output)
      output.document(status)
      return
    }
    const tasks = await openTasks(settings, output)
    const options = collectOptions(settings)
    const limits = { ...options.limits, test: settings.studyPrompts }
    if (settings.dryRun) {
      const cost = await planCostInRun(root, { ...options, tasks, limits, signal })
      output.print(describeCost(cost))
      output.document({ run: root, ...cost })
      return
    }
    const progress = runProgress(output)
    const onEstimate = (cost: CostEstimate) => printCost(cost, output)
    const result = await inRun(root, 'collect', recordedSettings(flags, settings), async (run) => {
      output.say(`Collecting ${settings.samples} samples a cell with ${settings.model} into ${run.store}`)
      const url = queueUrl(settings.queue)
      if (url === undefined) {
        const watched = { signal, onProgress: progress.collect, onEstimate }
        return collectInRun(run, { ...options, ...watched, tasks, limits }).finally(progress.stop)
      }
      // What the workers' machines would take cannot be told from this one: no estimate.
      const side = await openQueueSide(url, settings, { model: options, root, output })
      const onProgress = (state: CollectProgress) => {
        progress.collect(state)
        side.tell(state)
      }
      return collectInRun(run, { ...options, runner: side.runner, signal, onProgress, tasks, limits }).finally(() => {
        progress.stop()
        side.close()
      })
    })
    printCollect(result, output)
    if (settings.profile) printProfile(result.profile, output)
    output.say(`Next: edt fit --out ${root}`)
    output.document({ run: root, ...result })
  },
})
