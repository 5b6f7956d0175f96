import { defineCommand } from '../command.js'
import { describeCost } from '../cost-view.js'
import type { Flags } from '../flags.js'
import { collectOptions, dryRunFlag, openTasks } from '../run-flags.js'
import { recordedSettings } from '../settings.js'
import { trainAndPrint, trainFlags } from '../training.js'

const flags = { ...trainFlags, ...dryRunFlag } satisfies Flags

export const trainCommand = defineCommand({
  command: 'train',
  describe: 'Collect, fit, evaluate on held-out prompts, and write a report',
  flags,
  examples: [
    ['edt train --task ./my-task --model HuggingFaceTB/SmolLM2-135M-Instruct --out runs/my-task', 'A task of your own'],
    ['edt train --task answer --train-prompts 100 --test-prompts 50', 'A part of an embedded task'],
  ],
  async run(invocation) {
    const { settings, output, signal } = invocation
    const { inRun, planCostInRun } = await import('../../../training/run/index.js')
    const root = settings.out!
    if (settings.dryRun) {
      const tasks = await openTasks(settings, output)
      const cost = await planCostInRun(root, { ...collectOptions(settings), tasks, signal })
      output.print(`${describeCost(cost)}\nThe fit and the evaluation on held-out prompts come on top.`)
      output.document({ run: root, ...cost })
      return
    }
    const result = await inRun(root, 'train', recordedSettings(trainFlags, settings), (run) =>
      trainAndPrint(run, invocation, 3),
    )
    output.say(`Next: edt generate --tuner ${root} "…"`)
    output.document({ run: root, ...result })
  },
})
