/** Weights ≥ 0 of the quality term and the Self-BLEU term of EDA. */
export type EdaWeights = readonly [quality: number, selfBleu: number]

export const equalWeights: EdaWeights = [0.5, 0.5]

/**
 * Corpus EDA (DESIGN §1) from normalised means: `100 · sqrt(w_q (1 − q)² + w_d d²)`, ≥ 0, lower is better.
 *
 * Over several tasks Q and D have no common scale, so every prompt is first divided by its own task's Q* and D*; for one task this is
 * the plain corpus EDA of that task.
 *
 * @param quality mean over prompts of Q / Q*; 1 is the best quality among the settings of the training grid
 * @param selfBleu mean over prompts of D / D*; 0 is no overlap between samples
 */
export function normalizedEda(quality: number, selfBleu: number, weights: EdaWeights = equalWeights): number {
  return 100 * Math.sqrt(weights[0] * (1 - quality) ** 2 + weights[1] * selfBleu ** 2)
}
