import { defineCommand } from '../command.js'
import { modelFlags } from '../common-flags.js'
import type { Flags } from '../flags.js'
import { fitFlags, fitOptions, openTasks, runFlags, seedFlag } from '../run-flags.js'
import { runProgress } from '../run-progress.js'
import { printFit } from '../run-view.js'
import { recordedSettings } from '../settings.js'

const flags = { ...runFlags, ...fitFlags, ...seedFlag, model: modelFlags.model } satisfies Flags

export const fitCommand = defineCommand({
  command: 'fit',
  describe: 'Train a tuner on what was collected',
  flags,
  examples: [
    ['edt fit --out runs/my-run', 'Writes runs/my-run/checkpoint'],
    ['edt fit --out runs/my-run --features prompt --name plain', 'A tuner that also works without our decode engine'],
  ],
  async run({ settings, output, signal }) {
    const { fitInRun, inRun } = await import('../../../training/run/index.js')
    const root = settings.out!
    const progress = runProgress(output)
    const result = await inRun(root, 'fit', recordedSettings(flags, settings), async (run) => {
      // `all` means what the run has, which need not be the embedded tasks.
      const tasks = settings.task.includes('all') ? undefined : await openTasks(settings)
      const names = tasks?.map(({ definition }) => definition.name)
      const options = { ...fitOptions(settings), tasks: names, signal, onProgress: progress.fit }
      return fitInRun(run, options).finally(progress.stop)
    })
    printFit(result, output)
    output.say(`Next: edt ablate --out ${root}`)
    output.document({ run: root, ...result })
  },
})
