import type { AblationResult, Curve, ExampleRollout, ScopeCurves, ScopeResult } from '../../ablate/types.js'

/** An ablation's result with all that it may leave out: costs, curves and the tokens of its examples. */
export function withEverything(result: AblationResult): AblationResult {
  const tokens = [
    { text: ' the', entropy: 0.5, temperature: 0.4, probability: 0.25 },
    { text: ' <b>\n', entropy: 3, temperature: 1.2, probability: 0.0004 },
    { text: ' 数据', entropy: 1, temperature: 0, probability: 1 },
  ]
  const coloured = (rollout: ExampleRollout) => ({ ...rollout, tokens })
  return {
    ...result,
    overall: withCosts(result.overall),
    curves: {
      overall: syntheticCurves(result.overall),
      tasks: Object.fromEntries(Object.entries(result.tasks).map(([task, scope]) => [task, syntheticCurves(scope)])),
    },
    examples: result.examples.map((example) => ({
      ...example,
      learned: coloured(example.learned),
      compared: coloured(example.compared),
    })),
  }
}

function withCosts(scope: ScopeResult): ScopeResult {
  const cost = { tokensPerSecond: 210.4, relativeSpeed: 0.98, peakMemoryBytes: 3.1e8, peakCacheBytes: 2.3e6 }
  const tuning = { settings: 35, prompts: 100, samples: 17_500, eda: 28.1 }
  const tuned = ['fixed-temperature']
  return {
    ...scope,
    strategies: scope.strategies.map((strategy) => ({
      ...strategy,
      ...cost,
      ...(tuned.includes(strategy.id) ? { tuning } : {}),
    })),
  }
}

const balances = [0.1, 0.3, 0.5, 0.7, 0.9]
const temperatures = [0.2, 0.6, 1, 1.4]

function syntheticCurves({ prompts, reference }: ScopeResult): ScopeCurves {
  const around = (value: number) => ({ value, interval: [value - 1, value + 1] as [number, number] })
  /** @param place 0 for all diversity, 1 for all quality */
  const point = (parameter: number, setting: string, place: number, gain: number) => ({
    parameter,
    setting,
    quality: around((reference.bestQuality / 100) * (50 + 45 * place ** 0.6 + gain)),
    selfBleu: around((reference.worstSelfBleu / 100) * (10 + 60 * place)),
  })
  const curves: Curve[] = [
    {
      id: 'learned-edt',
      label: 'learned EDT',
      parameter: 'balance',
      points: balances.map((w) => ({ ...point(w, `balance ${w}`, w, 2), edaW: around(30) })),
    },
    {
      id: 'fixed-edt',
      label: 'fixed EDT',
      parameter: 'balance',
      points: balances.map((w) => ({ ...point(w, 'T0 1, θ 1.5', w, 1), edaW: around(31) })),
    },
    {
      id: 'fixed-temperature',
      label: 'fixed temperature',
      parameter: 'temperature',
      points: temperatures.map((t) => point(t, `T ${t}`, 1.1 - t / 1.5, 0)),
    },
  ]
  const step = { rises: true, risesWithinIntervals: true, smallestStep: around(2) }
  return {
    prompts,
    curves,
    areas: [
      { against: 'fixed-edt', area: { value: 0.9, interval: [0.3, 1.5] }, p: 0.004, range: [15, 65] },
      { against: 'fixed-temperature', area: { value: 1.4, interval: [-0.2, 3] }, p: 0.08, range: [15, 65] },
    ],
    monotonicity: { quality: step, selfBleu: step },
  }
}
