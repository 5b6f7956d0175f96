import { selfBleu } from '../../src/metrics/index.js'
import { mean } from '../ablate/mean.js'
import type { Store } from '../store/index.js'
import type { PromptSurface, SurfaceSet } from '../types.js'

/** Told how many prompts are scored again, now and then. */
export type RescoreProgress = (done: number, total: number) => void

/**
 * The surfaces that a run with fewer samples a cell would have: scores of the first `samples` of each cell, from the texts in the store.
 * Quality is the mean of the stored scores; Self-BLEU is computed again among these samples, so its n is theirs (the run's own n where
 * that is smaller), and it is to be compared with other values of that n alone.
 *
 * @param samples 2 … those of the run
 * @throws the signal's reason when aborted
 */
export async function withFirstSamples(
  store: Store,
  set: SurfaceSet,
  samples: number,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: RescoreProgress } = {},
): Promise<SurfaceSet> {
  const { selfBleuGroup, tasks } = store.settings()
  const tokenizers = new Map(tasks.map(({ name, tokenize }) => [name, tokenize]))
  const byId = new Map(set.surfaces.map((surface) => [surface.promptId, surface]))
  const group = Math.min(samples, selfBleuGroup)
  const scored = new Map<string, PromptSurface>()
  const signatures: Record<string, string> = {}
  for await (const { promptId, cells } of store.samples(new Set(byId.keys()))) {
    signal?.throwIfAborted()
    const surface = byId.get(promptId)!
    const diversity = cells.map(({ texts }) =>
      selfBleu(texts.slice(0, samples), { group, tokenize: tokenizers.get(surface.task) }),
    )
    signatures[surface.task] ??= `${set.signatures[surface.task].split(' & ')[0]} & ${diversity[0].signature}`
    scored.set(promptId, {
      ...surface,
      quality: Float32Array.from(cells, ({ quality }) => mean(quality.slice(0, samples))),
      selfBleu: Float32Array.from(diversity, ({ score }) => score),
    })
    onProgress?.(scored.size, byId.size)
  }
  return { ...set, samples, signatures, surfaces: set.surfaces.map(({ promptId }) => scored.get(promptId)!) }
}
