import type { ChatMessage, LanguageModel } from '../lm/types.js'
import { answer } from './answer.js'
import type { GenerateOptions, GenerateResult, StreamChunk } from './types.js'

/**
 * Answers a prompt piece by piece. The first chunk tells T0 and θ, then comes a chunk for every token, and one more at the
 * end of each sample; the texts of a sample's chunks add up to its text. Leaving the loop stops the decoding.
 * @param prompt plain text, or messages for the model's chat template
 * @returns the chunks; the generator's own return value is what `generate` gives for the same options
 * @throws as `generate`, at the next chunk
 * @example
 * for await (const { text } of stream(model, prompt, { tuner })) process.stdout.write(text)
 */
export async function* stream(
  model: LanguageModel,
  prompt: string | readonly ChatMessage[],
  options: Omit<GenerateOptions, 'onToken'>,
): AsyncGenerator<StreamChunk, GenerateResult, void> {
  const left = new AbortController()
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal])
  const ready: StreamChunk[] = []
  let settled = false
  let wake = () => {}
  const put = (chunk: StreamChunk) => {
    ready.push(chunk)
    wake()
  }
  const answering = answer(
    model,
    prompt,
    { ...options, signal },
    {
      onStart: (start) => put({ type: 'start', text: '', ...start }),
      onToken: (token) => put({ type: 'token', ...token }),
      onEnd: (sample, decoded, rest) => put({ ...decoded, type: 'end', sample, text: rest }),
    },
  ).finally(() => {
    settled = true
    wake()
  })
  try {
    for (;;) {
      while (ready.length > 0) yield ready.shift()!
      // Thrown here as well, when it failed.
      if (settled) return await answering
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    left.abort()
    // The model may be disposed of as soon as the caller goes on.
    await answering.catch(() => {})
  }
}
