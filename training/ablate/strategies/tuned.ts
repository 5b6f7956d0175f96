import type { Available, ReadyStrategy, Setting, Strategy } from './types.js'

/** What a strategy with settings lacks when they are not tuned. */
export function lacksTuning({ tuning }: Available): string | undefined {
  return tuning ? undefined : 'training prompts to be tuned on (--tune-prompts above 0)'
}

/** A strategy that uses, for every prompt, the setting that was best on the training prompts. */
export function tunedStrategy(strategy: Required<Pick<Strategy, 'id' | 'label' | 'byDefault' | 'settings'>>): Strategy {
  return { ...strategy, lacks: lacksTuning, ready: ({ tuned }) => oneSetting(tuned!) }
}

/** The same setting for every prompt. */
export function oneSetting({ label, strategy, truncation }: Setting): ReadyStrategy {
  return { setting: label, samplingFor: () => ({ strategy, truncation }) }
}

/** A setting for every pair of two parameters' values. */
export function settingsOf(
  first: readonly number[],
  second: readonly number[],
  settingAt: (a: number, b: number) => Setting,
): Setting[] {
  return first.flatMap((a) => second.map((b) => settingAt(a, b)))
}
