/** A run of the embedded model on a tiny grid: 14 prompts of two tasks. */
export const testRun = {
  model: 'debian-6m',
  tasks: ['summarize', 'translate-de'],
  limits: { train: 5, validation: 2 },
  grid: { t0: [0.5, 1.3], theta: [0, 2] },
  samples: 2,
  seed: 11,
}
