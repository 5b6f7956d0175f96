import type { AblationProgress } from '../../training/ablate/index.js'
import type { CollectProgress } from '../../training/collect/index.js'
import type { FitProgress } from '../../training/fit/index.js'
import { significant } from './format.js'
import type { Output } from './output.js'
import type { Progress } from './progress.js'

const PHASES: Record<AblationProgress['phase'], string> = {
  features: 'Reading prompts',
  tuning: 'Tuning strategies',
  fitting: 'Fitting each task',
  strategies: 'Comparing settings',
  oracle: 'Looking for the oracle',
  curves: 'Drawing curves',
  examples: 'Tracing examples',
  timing: 'Measuring speed',
}

/** Progress of the steps of a run; each step's bar takes the place of the one before. */
export interface RunProgress {
  collect(state: CollectProgress): void
  fit(state: FitProgress): void
  ablate(state: AblationProgress): void
  stop(): void
}

export function runProgress(output: Output): RunProgress {
  let label: string | undefined
  let bar: Progress | undefined
  const show = (step: string, unit = 'prompts'): Progress => {
    if (bar === undefined || step !== label) {
      bar?.stop()
      bar = output.progress(step, unit)
      label = step
    }
    return bar
  }
  return {
    collect: ({ done, total, secondsLeft, tokensPerSecond }) => {
      const note = tokensPerSecond > 0 ? `${significant(tokensPerSecond, 3)} tokens/s` : undefined
      show('Collecting').update({ done, total, secondsLeft, note })
    },
    fit: ({ epoch, epochs, bestValidation }) => {
      const note = `validation EDA ${bestValidation.toFixed(2)}`
      show('Fitting', 'epochs').update({ done: epoch, total: epochs, note })
    },
    ablate: ({ phase, done, total }) => show(PHASES[phase]).update({ done, total }),
    stop: () => {
      bar?.stop()
      bar = undefined
    },
  }
}
