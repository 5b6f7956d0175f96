import { fitTuner } from '../../training/fit/index.js'
import { syntheticSurfaces } from '../../training/fit/testing/synthetic.js'
import { watch } from '../measure.js'
import type { BenchOptions, Figure } from '../types.js'

/** As many as `edt collect` observes of a prompt. */
const FEATURES = 400

/** Issue 5, item 5: fitting 1,000 prompts × 35 cells on wasm, with what `edt fit` does by default. */
export async function fitFigures({ quick, say }: BenchOptions): Promise<Figure[]> {
  const prompts = quick ? 200 : 1000
  say(`fit: ${prompts} prompts × 35 cells on wasm`)
  const { noisy } = syntheticSurfaces({
    seed: 1,
    prompts: { train: (prompts * 0.8) / 5, validation: (prompts * 0.2) / 5 },
    nuisance: FEATURES - 10,
  })
  let epoch = 0
  const onProgress = (progress: { epoch: number }) => {
    epoch = progress.epoch
  }
  const spent = watch()
  await fitTuner(noisy, { backend: 'wasm', groups: ['prompt'], seed: 1, onProgress })
  const { cpu, wall } = spent()
  return [
    {
      name: `fit, ${prompts.toLocaleString('en')} prompts × 35 cells`,
      value: cpu,
      unit: 's of CPU',
      ...(quick ? {} : { target: { text: '≤ 30 s', met: cpu <= 30 } }),
      notes: [
        `a fifth of them for validation, ${FEATURES} features, wasm; it stopped by itself at epoch ${epoch}; ${wall.toFixed(0)} s by the clock`,
      ],
    },
  ]
}
