/** The run that faults are injected into: the embedded model, 24 prompts of two tasks, four cells, two samples. */
export const RUN_FLAGS: readonly string[] = [
  ...['--task', 'summarize', '--task', 'translate-de', '--train-prompts', '8', '--validation-prompts', '4'],
  ...['--grid-t0', '0.5,1.3', '--grid-theta', '0,2', '--samples', '2', '--seed', '11'],
]
export const PROMPTS = 24
/** Cells by samples. */
export const SAMPLES_A_PROMPT = 8
