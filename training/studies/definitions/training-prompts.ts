import { plainRow, type RowPlan, type Study, type StudyContext } from '../definition.js'

const SMALLEST = 32
/** Subsets of each size: a small one depends on which prompts it has. */
const DRAWS = 3

export const trainingPrompts: Study = {
  id: 'training-prompts',
  title: 'Number of training prompts',
  plan(context) {
    const { trainPrompts } = context
    if (trainPrompts <= SMALLEST) return { impossible: `the run has no more than ${SMALLEST} training prompts` }
    const rows: RowPlan[] = []
    for (let prompts = SMALLEST; prompts < trainPrompts; prompts *= 2) rows.push(subsetRow(prompts, context))
    const all = `all ${trainPrompts}`
    return {
      question: `How many prompts does a tuner need? Each number is drawn ${DRAWS} times, in the tasks' shares and with as large a share of the validation prompts; the row is the mean over the draws.`,
      reference: all,
      axis: { label: 'training prompts', scale: 'log' },
      rows: [...rows, plainRow(all, context, {}, { x: trainPrompts })],
    }
  },
}

function subsetRow(prompts: number, { seeds, tasks }: StudyContext): RowPlan {
  const replicates = Array.from({ length: DRAWS }, (_, draw) => {
    const spec = { subset: { prompts: Math.max(prompts, tasks.length), draw }, seed: seeds[draw % seeds.length] }
    return () => spec
  })
  return { label: `${prompts}`, x: prompts, replicates }
}
