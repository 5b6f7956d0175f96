import type { Comparison } from '../../../training/run/index.js'
import { defineCommand } from '../command.js'
import { type Settings, withDefaults } from '../flags.js'
import { facts, significant } from '../format.js'
import type { Output } from '../output.js'
import { openTasks } from '../run-flags.js'
import { recordedSettings } from '../settings.js'
import { printStep, trainAndPrint, trainFlags } from '../training.js'

/** The sizes of the quickstart: two to three minutes on two idle cores, and never more than five. */
const flags = withDefaults(trainFlags, {
  out: 'runs/quickstart',
  name: 'quickstart',
  trainPrompts: 30,
  validationPrompts: 10,
  testPrompts: 20,
  oraclePrompts: 0,
})

const STEPS = 4

export const quickstartCommand = defineCommand({
  command: 'quickstart',
  describe: 'The whole way on the embedded model, in a few minutes',
  flags,
  examples: [
    ['edt quickstart', 'Trains, evaluates, and generates for three prompts'],
    ['edt quickstart --train-prompts 100 --out runs/longer', 'With more prompts'],
  ],
  async run(invocation) {
    const { settings, output, signal } = invocation
    const { inRun } = await import('../../../training/run/index.js')
    const root = settings.out!
    output.print('edt-tuner learns the two settings of EDT sampling, T0 and theta, for each prompt.')
    output.print(`This run lies in ${root}; if it is stopped, the same command goes on with it.`)
    const result = await inRun(root, 'quickstart', recordedSettings(flags, settings), async (run) => {
      const trained = await trainAndPrint(run, invocation, STEPS)
      printStep(
        STEPS,
        STEPS,
        'Generate: prompts that nobody has seen, with the tuner and with a fixed temperature',
        output,
      )
      const comparisons = await compare(settings, trained.fitted.checkpoint, signal)
      for (const comparison of comparisons) printComparison(comparison, output)
      return { ...trained, comparisons }
    })
    printNext(root, result.report, output)
    output.document({ run: root, ...result })
  },
})

async function compare(
  settings: Settings<typeof flags>,
  checkpoint: string,
  signal: AbortSignal,
): Promise<Comparison[]> {
  const [{ loadModel }, { loadTuner }, { compareOnUnseen }] = await Promise.all([
    import('../../lm/index.js'),
    import('../../tuner/index.js'),
    import('../../../training/run/index.js'),
  ])
  const { model: id, dtype, device, seed, testPrompts } = settings
  const [tasks, tuner, model] = await Promise.all([
    openTasks(settings),
    loadTuner(checkpoint),
    loadModel(id, { dtype, device }),
  ])
  try {
    return await compareOnUnseen(model, tuner, tasks, { skip: testPrompts ?? 0, seed, signal })
  } finally {
    await model.dispose()
  }
}

function printComparison({ task, prompt, reference, learned, fixed }: Comparison, output: Output): void {
  const { bold, dim } = output.colors
  const rows = [
    ['prompt', shorten(prompt)],
    ['reference', shorten(reference)],
    [`learned: T0 ${significant(learned.t0, 3)}, theta ${significant(learned.theta, 3)}`, learned.text],
    [`fixed temperature ${fixed.temperature}`, fixed.text],
  ] as const
  output.print(`\n${bold(task)}`)
  for (const [name, text] of rows) output.print(`  ${dim(name)}\n    ${text}`)
}

function printNext(root: string, report: string, output: Output): void {
  output.print(output.colors.bold('\nWhat next'))
  output.print(
    facts([
      ['read the report', report],
      ['use this tuner', `edt generate --tuner ${root} --task translate-fr "This package contains the documentation."`],
      ['use the one that ships', 'edt generate --task translate-fr "This package contains the documentation."'],
      ['train on your own task', 'edt train --task ./my-task --model … (see the README)'],
    ]),
  )
}

/** One line of at most 160 characters: the beginning and, since the question stands there, the end. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ⏎ ')
  return line.length <= 160 ? line : `${line.slice(0, 80)} … ${line.slice(-77)}`
}
