import { defineCommand } from '../command.js'
import { recordedSettings } from '../settings.js'
import { trainAndPrint, trainFlags } from '../training.js'

export const trainCommand = defineCommand({
  command: 'train',
  describe: 'Collect, fit, evaluate on held-out prompts, and write a report',
  flags: trainFlags,
  examples: [
    ['edt train --task ./my-task --model HuggingFaceTB/SmolLM2-135M-Instruct --out runs/my-task', 'A task of your own'],
    ['edt train --task answer --train-prompts 100 --test-prompts 50', 'A part of an embedded task'],
  ],
  async run(invocation) {
    const { settings, output } = invocation
    const { inRun } = await import('../../../training/run/index.js')
    const root = settings.out!
    const result = await inRun(root, 'train', recordedSettings(trainFlags, settings), (run) =>
      trainAndPrint(run, invocation, 3),
    )
    output.say(`Next: edt generate --tuner ${root} "…"`)
    output.document({ run: root, ...result })
  },
})
