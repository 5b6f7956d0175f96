import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AnswerEvent, answerEvents } from './answer-stream.js'

const step = { text: 'é', entropy: 1, temperature: 0.5, probability: 0.9, rank: 0, nucleus_size: 2, logprob: -0.2 }
const chunks = [
  {
    choices: [
      { index: 0, text: '', finish_reason: null, edt: { t0: 1.2, theta: 3, balance: 0.5, chosen_by: 'tuner' } },
    ],
  },
  { choices: [{ index: 0, text: '', finish_reason: null, edt: { trace: [step] } }] },
  { choices: [{ index: 1, delta: { content: 'é…' }, finish_reason: null, edt: { trace: [step] } }] },
  { choices: [{ index: 0, text: '!', finish_reason: 'stop', edt: { tokens: 1 } }] },
  { choices: [], usage: { total_tokens: 3 } },
]
const lines = (list: readonly object[]) => list.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')
const stream = `${lines(chunks)}data: [DONE]\n\n`

async function* cut(text: string, at: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  const ends = [...new Set(at.map((place) => place % bytes.length))].sort((a, b) => a - b)
  for (const [i, end] of [...ends, bytes.length].entries()) yield bytes.slice(ends[i - 1] ?? 0, end)
}

async function read(bytes: AsyncIterable<Uint8Array>): Promise<AnswerEvent[]> {
  const events: AnswerEvent[] = []
  for await (const event of answerEvents(bytes)) events.push(event)
  return events
}

describe('a streamed answer', () => {
  it('is the same wherever the network cuts it', async () => {
    const expected = [
      { type: 'start', answer: 0, start: { t0: 1.2, theta: 3, balance: 0.5, chosen_by: 'tuner' } },
      { type: 'token', answer: 0, text: '', steps: [step] },
      { type: 'token', answer: 1, text: 'é…', steps: [step] },
      { type: 'token', answer: 0, text: '!', steps: [] },
      { type: 'end', answer: 0, reason: 'stop' },
    ]
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5000), { maxLength: 20 }), async (places) => {
        expect(await read(cut(stream, places))).toEqual(expected)
      }),
    )
  })

  it('fails with the server’s sentence when the server fails on the way', async () => {
    const failed = lines([chunks[0], { error: { message: 'The model stopped.' } }])
    await expect(read(cut(`${failed}data: [DONE]\n\n`))).rejects.toThrow('The model stopped.')
  })

  it('fails when the connection breaks off', async () => {
    await expect(read(cut(lines(chunks)))).rejects.toThrow('broke off')
  })
})
