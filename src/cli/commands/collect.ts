import { defineCommand } from '../command.js'
import { modelFlags } from '../common-flags.js'
import type { Flags } from '../flags.js'
import { count, duration } from '../format.js'
import { collectFlags, collectOptions, openTasks, runFlags, runFolder, workersFlag } from '../run-flags.js'
import { runProgress } from '../run-progress.js'
import { recordedSettings } from '../settings.js'

const flags = { ...runFlags, ...collectFlags, ...modelFlags, ...workersFlag } satisfies Flags

export const collectCommand = defineCommand({
  command: 'collect',
  describe: 'Run the sampler over a grid of (T0, theta) on the training prompts of a task',
  flags,
  examples: [
    ['edt collect --task answer --train-prompts 100 --out runs/answer', 'A hundred prompts; the command again goes on'],
    ['edt collect --task ./my-task --grid-t0 0.5,1,1.5 --grid-theta 0,1,3', 'A task of your own, a small grid'],
  ],
  async run({ settings, output, signal }) {
    const [{ collect }, { inRun }] = await Promise.all([
      import('../../../training/collect/index.js'),
      import('../../../training/run/index.js'),
    ])
    const tasks = await openTasks(settings.task)
    const root = runFolder(settings)
    const progress = runProgress(output)
    const result = await inRun(root, 'collect', recordedSettings(flags, settings), async (run) => {
      output.say(`Collecting ${settings.samples} samples a cell with ${settings.model} into ${run.store}`)
      const collected = await collect({
        ...collectOptions(settings),
        tasks,
        storePath: run.store,
        signal,
        onProgress: progress.collect,
      }).finally(progress.stop)
      await run.event('collected', { ...collected })
      return collected
    })
    const { total, finished, skipped, samples, tokens, seconds } = result
    output.print(`${finished} of ${count(total, 'prompt')} collected in ${result.storePath}`)
    if (skipped.length > 0)
      output.print(`${count(skipped.length, 'prompt')} left out: too long for the model's context`)
    if (result.collected > 0) {
      output.print(`This time: ${count(samples, 'sample')}, ${count(tokens, 'token')} in ${duration(seconds)}`)
    }
    output.say(`Next: edt fit --out ${root}`)
    output.document({ run: root, ...result })
  },
})
