import type { StudiesProgress } from '../../../training/studies/index.js'
import { defineCommand } from '../command.js'
import { backendFlag, modelFlags } from '../common-flags.js'
import { type Flags, integer } from '../flags.js'
import type { Output } from '../output.js'
import { openTasks, runFlags, seedFlag } from '../run-flags.js'
import { recordedSettings } from '../settings.js'
import { printStudies } from '../study-view.js'

const flags = {
  ...runFlags,
  prompts: integer('Most training prompts, of all tasks together', { min: 2, defaultDescription: 'all' }),
  fits: integer('Fits of each row, with seeds of their own; their mean is shown', { min: 1, default: 2 }),
  members: integer('Networks that are averaged in each fit', { min: 1, default: 2 }),
  epochs: integer('Most passes over the training prompts', { min: 1, defaultDescription: '300' }),
  resamples: integer('Resamples of the bootstrap', { min: 100, default: 10_000 }),
  ...seedFlag,
  ...backendFlag,
  model: modelFlags.model,
} satisfies Flags

export const studyCommand = defineCommand({
  command: 'study [names..]',
  describe: 'Refit tuners on parts of a run, and judge them on test prompts: what does learning depend on?',
  positionals: {
    names: {
      describe: 'axes, features, training-prompts, samples, grid, tasks, unseen-task; or all',
    },
  },
  flags,
  examples: [
    [
      'edt collect --study-prompts 100 --out runs/my-run',
      'First: sample 100 test prompts of each task on the whole grid',
    ],
    ['edt study --out runs/my-run', 'All studies; the command again goes on after the last finished fit'],
    ['edt study features grid --prompts 1000 --out runs/my-run', 'Two studies, with fewer training prompts'],
  ],
  async run({ settings, words, output, signal }) {
    const { inRun, studyInRun } = await import('../../../training/run/index.js')
    const root = settings.out!
    const progress = studyProgress(output)
    const asked = words.length === 0 || words.includes('all') ? undefined : words
    const result = await inRun(root, 'study', recordedSettings(flags, settings), async (run) => {
      // `all` means what the run has, which need not be the embedded tasks.
      const tasks = settings.task.includes('all') ? undefined : await openTasks(settings)
      const { prompts, fits, members, epochs, resamples, seed, backend } = settings
      return studyInRun(run, {
        ...{ prompts, fits, members, epochs, resamples, seed, backend, signal },
        studies: asked,
        tasks: tasks?.map(({ definition }) => definition.name),
        onProgress: progress.update,
      }).finally(progress.stop)
    })
    const shown = result.studies.filter(({ id }) => asked?.includes(id) ?? true)
    printStudies({ ...result, studies: shown }, output)
    output.document(result)
  },
})

/** A bar of fits; each fit takes seconds, so that it also says how far the running one is. */
function studyProgress(output: Output) {
  const bar = output.progress('Fitting', 'fits')
  return {
    update: ({ study, done, total, fit, rescored }: StudiesProgress) => {
      const within =
        rescored !== undefined
          ? `, scoring prompt ${rescored.done} of ${rescored.total}`
          : fit !== undefined
            ? `, epoch ${fit.epoch}`
            : ''
      bar.update({ done, total, note: `${study}${within}` })
    },
    stop: bar.stop,
  }
}
