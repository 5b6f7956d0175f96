/** A run of the embedded model on a tiny grid: 60 prompts of two tasks, more than a fast machine does between five kills. */
export const testRun = {
  model: 'debian-6m',
  tasks: ['summarize', 'translate-de'],
  limits: { train: 25, validation: 5 },
  grid: { t0: [0.5, 1.3], theta: [0, 2] },
  samples: 2,
  seed: 11,
}
