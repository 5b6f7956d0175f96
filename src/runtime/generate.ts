import type { ChatMessage, LanguageModel } from '../lm/types.js'
import { answer } from './answer.js'
import type { GenerateOptions, GenerateResult } from './types.js'

/**
 * Answers a prompt: one prefill gives the features, the tuner sets T0 and θ from them, and the same prefill is decoded.
 * @param prompt plain text, or messages for the model's chat template
 * @throws {@link InvalidOptionError}, {@link CheckpointMismatchError}, {@link ContextOverflowError}; the signal's reason when aborted
 * @example
 * const { text, t0, theta } = await generate(model, 'Summarize: …\nSummary:', { tuner, seed: 1 })
 */
export function generate(
  model: LanguageModel,
  prompt: string | readonly ChatMessage[],
  options: GenerateOptions,
): Promise<GenerateResult> {
  const { onToken } = options
  return answer(model, prompt, options, onToken === undefined ? {} : { onToken })
}
