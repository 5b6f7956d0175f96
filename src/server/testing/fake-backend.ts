import type { Backend } from '../model/backend.js'
import type { Answer, AnswerChunk, Ask, ServedModel } from '../model/protocol.js'

/** A model for tests that says what it is told to. */
export class FakeBackend implements Backend {
  ready = true
  /** Everything that was asked, the newest last. */
  readonly asked: Ask[] = []

  /** @param say what comes instead of the answer "Bonjour !" */
  constructor(
    private readonly say: (
      ask: Ask,
      signal: AbortSignal,
      onChunk?: (chunk: AnswerChunk) => void,
    ) => Promise<Answer> = async (ask, _, onChunk) => speak(ask, ' Bonjour !', onChunk),
    readonly model: ServedModel = fakeModel(),
  ) {}

  ask(ask: Ask, signal: AbortSignal, onChunk?: (chunk: AnswerChunk) => void): Promise<Answer> {
    this.asked.push(ask)
    return this.say(ask, signal, onChunk)
  }

  async close(): Promise<void> {}
}

export function fakeModel(other: Partial<ServedModel> = {}): ServedModel {
  return {
    ...{ id: 'org/fake-1b', dtype: 'q8', device: 'cpu', contextLength: 512, hasChatTemplate: true, endTokenIds: [0] },
    ...other,
  }
}

/** An answer whose every sample is this text, drawn as one token. */
export function speak(ask: Ask, text: string, onChunk?: (chunk: AnswerChunk) => void): Answer {
  const { samples = 1, seed = 7 } = ask.options
  const start = { t0: 0.9, theta: 1.5, chosenBy: 'user', strategy: 'edt', seed, promptTokens: 3 } as const
  onChunk?.({ type: 'start', text: '', ...start })
  const all = Array.from({ length: samples }, (_, sample) => {
    const step = { token: 5, entropy: 1, temperature: 0.5, probability: 0.9, nucleusSize: 2 }
    onChunk?.({ type: 'token', index: 0, sample, text, ...step })
    const ended = { tokenIds: [5], stopReason: 'length', newTokens: 1, meanEntropy: 1, meanTemperature: 0.5 } as const
    onChunk?.({ ...ended, tokenIds: [...ended.tokenIds], type: 'end', sample, text: '' })
    return { ...ended, tokenIds: [...ended.tokenIds], text }
  })
  return { ...start, samples: all, newTokens: samples }
}

/** Resolves never, and rejects when the signal is set off: a model that is slow. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}
