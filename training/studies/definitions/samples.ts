import { plainRow, type Study } from '../definition.js'

/** Numbers of samples that are tried where the run has more. */
const NUMBERS = [2, 3, 5, 10, 20]

export const samplesPerCell: Study = {
  id: 'samples',
  title: 'Samples a cell',
  plan(context) {
    const { samples } = context
    const fewer = NUMBERS.filter((number) => number < samples)
    if (fewer.length === 0) return { impossible: `the run has ${samples} samples a cell, and Self-BLEU needs two` }
    return {
      question: `How many samples a cell does training need? Scores of the training prompts are computed again from the first samples alone, Self-BLEU with their number as its n. All rows are judged by the same ${samples} samples of the test prompts, so their EDA compares.`,
      reference: `${samples}`,
      axis: { label: 'samples a cell', scale: 'log' },
      rows: [
        ...fewer.map((number) => plainRow(`${number}`, context, { samples: number }, { x: number })),
        plainRow(`${samples}`, context, {}, { x: samples }),
      ],
    }
  },
}
