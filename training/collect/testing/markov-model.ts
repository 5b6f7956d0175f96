import { ContextOverflowError } from '../../../src/lm/errors.js'
import { traceStep } from '../../../src/lm/trace.js'
import type { DecodedRow, DecodeRow, LanguageModel, TokenTrace } from '../../../src/lm/types.js'
import { randomStream } from '../../../src/sampling/index.js'

const WORDS = [
  '<end>',
  'the',
  'a',
  'red',
  'green',
  'old',
  'new',
  'cat',
  'dog',
  'house',
  'runs',
  'sleeps',
  'and',
  'then',
]

/** What the tests want to know about a run of the fake model. */
export interface MarkovModel extends LanguageModel {
  prefills: number
  /** Signature of the sampler of each row, in the order in which rows were put to an engine. */
  rows: string[]
}

/**
 * A language model for tests of everything around the model: a seeded first-order Markov chain over 14 words, whose next
 * word depends on the last one and a little on the whole prompt. Prompts are split at spaces; unknown words are hashed.
 */
export function markovModel({ contextLength = 64, seed = 1 } = {}): MarkovModel {
  const vocabularySize = WORDS.length
  const encode = (text: string) =>
    text
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => {
        const id = WORDS.indexOf(word)
        return id >= 0 ? id : 1 + ([...word].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % (vocabularySize - 1))
      })
  const logitsAfter = (token: number, prompt: string) => {
    const word = randomStream(seed, 'word', token)
    const context = randomStream(seed, 'context', prompt)
    return Float32Array.from({ length: vocabularySize }, () => 6 * word.next() + context.next())
  }
  const model: MarkovModel = {
    prefills: 0,
    rows: [],
    id: 'markov',
    vocabularySize,
    vocabularyHash: `markov-${seed}`,
    contextLength,
    endTokenIds: new Set([0]),
    stopStrings: [],
    device: 'cpu',
    dtype: 'fp32',
    hasChatTemplate: false,
    encode,
    encodeRendered: encode,
    encodeChat: (messages) => {
      const text = model.renderChat(messages)
      return { text, tokenIds: encode(text) }
    },
    decode: (ids) => ids.map((id) => WORDS[id]).join(' '),
    renderChat: (messages) => messages.map((message) => message.content).join(' '),
    async prefill(tokenIds) {
      model.prefills++
      if (tokenIds.length >= contextLength) throw new ContextOverflowError(tokenIds.length, 1, contextLength)
      const lastLogits = logitsAfter(tokenIds[tokenIds.length - 1], tokenIds.join())
      const surprisals = Float32Array.from({ length: tokenIds.length - 1 }, (_, i) => 1 + (tokenIds[i + 1] % 3))
      const kv = [
        {
          key: Float32Array.from({ length: tokenIds.length * 2 }, (_, i) => tokenIds[i >> 1] / 10 + (i & 1)),
          value: Float32Array.from({ length: tokenIds.length * 2 }, (_, i) => tokenIds[i >> 1] / 20 - (i & 1)),
          kvHeads: 1,
          headSize: 2,
        },
      ]
      return { tokenIds, lastLogits, surprisals, kv }
    },
    engine: () => ({
      decode(row) {
        model.rows.push(row.sampler.signature)
        return decode(row)
      },
    }),
    dispose: async () => undefined,
  }

  async function decode(row: DecodeRow): Promise<DecodedRow> {
    const { prefill, sampler, random, maxNewTokens, contrast, signal, alternatives = 0 } = row
    const tokenIds: number[] = []
    const trace: TokenTrace[] = []
    let [steps, entropy, temperature] = [0, 0, 0]
    let stopReason: DecodedRow['stopReason'] = 'length'
    let logits = prefill.lastLogits
    while (steps < maxNewTokens) {
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
      const drawn = sampler.sample(logits, random.next(), contrast?.lastLogits, { steps, entropySum: entropy })
      steps++
      entropy += drawn.entropy
      temperature += drawn.temperature
      trace.push(traceStep(drawn, logits, (token) => WORDS[token], alternatives))
      if (drawn.token === 0) {
        stopReason = 'end-token'
        break
      }
      tokenIds.push(drawn.token)
      logits = logitsAfter(drawn.token, prefill.tokenIds.join())
    }
    const text = model.decode(tokenIds)
    const means = { meanEntropy: entropy / steps, meanTemperature: temperature / steps }
    return { tokenIds, text, stopReason, steps, ...means, ...(row.trace ? { trace } : {}) }
  }
  return model
}
