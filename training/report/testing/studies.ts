import type { StudiesResult, StudyRow } from '../../studies/types.js'

const around = (value: number) => ({ value, interval: [value - 0.5, value + 0.5] as [number, number] })

/** A row whose EDA is so far from the reference's; the reference itself has no difference. */
function row(label: string, difference: number, more: Partial<StudyRow> = {}): StudyRow {
  const eda = 28.6 + difference
  const versus = (d: number) => ({
    difference: d,
    interval: [d - 0.5, d + 0.5] as [number, number],
    p: 0.03,
    pHolm: 0.06,
  })
  return {
    label,
    prompts: 300,
    trainPrompts: 2500,
    eda: around(eda),
    quality: around(72),
    selfBleu: around(29),
    edaOfFits: [eda - 0.1, eda + 0.1],
    ...(difference === 0 ? {} : { versusReference: versus(difference) }),
    bestFixed: around(29.4),
    bestFixedCells: [{ t0: 1, theta: 1.5 }],
    versusBestFixed: versus(eda - 29.4),
    ...more,
  }
}

/** A study without an axis, one with, one by task, and one that could not be made. */
export function syntheticStudies(): StudiesResult {
  return {
    formatVersion: 1,
    settings: {
      run: 'run',
      model: 'synthetic',
      grid: { t0: [0.5, 1], theta: [0, 3] },
      samples: 5,
      selfBleuGroup: 5,
      references: { answer: { bestQuality: 62, worstSelfBleu: 95 } },
      signatures: { answer: 'rougeL|synthetic' },
      prompts: { train: { answer: 2500 }, validation: { answer: 500 }, test: { answer: 300 } },
      seed: 1,
      fits: 2,
      fit: { members: 2, backend: 'wasm' },
      resamples: 1000,
      versions: { node: 'v20.19.0' },
    },
    studies: [
      {
        id: 'features',
        title: 'Feature groups',
        question: 'What does each group of features tell?',
        reference: 'all groups',
        rows: [row('all groups', 0), row('without prompt', 0.3), row('text alone', 0.6, { note: 'characters alone' })],
      },
      {
        id: 'training-prompts',
        title: 'Number of training prompts',
        question: 'How many prompts does training need?',
        reference: '2,500',
        axis: { label: 'training prompts', scale: 'log' },
        rows: [row('32', 1.8, { x: 32 }), row('512', 0.4, { x: 512 }), row('2,500', 0, { x: 2500 })],
      },
      {
        id: 'unseen-task',
        title: 'A task that the tuner never saw',
        question: 'Does a tuner help on a task that it never saw?',
        reference: 'task seen in training',
        rows: [
          row('task seen in training', 0),
          row('task left out', 0.8),
          row('task seen in training', 0, { task: 'answer' }),
          row('task left out', 1.1, { task: 'answer' }),
        ],
      },
    ],
    leftOut: [{ id: 'samples', reason: 'the run has 2 samples a cell' }],
  }
}
