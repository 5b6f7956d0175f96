import { describe, expect, it } from 'vitest'
import { understandChat, understandCompletion } from '../../api/asks.js'
import { chatSchema, completionSchema } from '../../api/schema.js'
import { answerRequest, choiceRequest } from './request.js'
import type { PageState } from './state.js'

const state: PageState = {
  ...{ task: '', prompt: 'Hello', chat: false, balance: 0.7, temperature: 0.8, samples: 3 },
  ...{ maxTokens: 64, seed: 9, topP: 0.9, oneLine: true },
}
const rules = { maxTokens: 2048, defaultTokens: 128, tuner: true }

/** What the server makes of a request of the page. */
function understood({ path, body }: ReturnType<typeof answerRequest>) {
  return path === '/v1/chat/completions'
    ? understandChat(chatSchema.parse(body), rules)
    : understandCompletion(completionSchema.parse(body), rules)
}

describe('the server understands the page', () => {
  const drawing = { samples: 3, seed: 9, maxNewTokens: 64, topP: 0.9, stop: ['\n'], trace: true, alternatives: 6 }

  it('when the tuner sets T0 and theta', () => {
    const { asks, stream, trace } = understood(answerRequest(state, 'edt', true))
    expect(asks).toMatchObject([{ prompt: 'Hello', options: { ...drawing, balance: 0.7 } }])
    expect(asks[0].options.strategy).toBeUndefined()
    expect([stream, trace]).toEqual([true, true])
  })

  it('when one of them is set by hand, or both', () => {
    const [{ options }] = understood(answerRequest({ ...state, theta: 2 }, 'edt', true)).asks
    expect(options).toMatchObject({ balance: 0.7, theta: 2 })
    const byHand = understood(answerRequest({ ...state, t0: 0.5, theta: 2 }, 'edt', true)).asks[0].options
    expect(byHand).toMatchObject({ t0: 0.5, theta: 2 })
    expect(byHand.balance).toBeUndefined()
  })

  it('when the temperature is fixed, and when it is 0', () => {
    const strategy = (temperature: number) =>
      understood(answerRequest({ ...state, temperature }, 'fixed', true)).asks[0].options.strategy
    expect(strategy(0.8)).toEqual({ name: 'fixed', temperature: 0.8 })
    expect(strategy(0)).toEqual({ name: 'greedy' })
  })

  it('when the prompt is a chat message that may have several lines', () => {
    const { asks } = understood(answerRequest({ ...state, chat: true, oneLine: false }, 'edt', true))
    expect(asks[0].prompt).toEqual([{ role: 'user', content: 'Hello' }])
    expect(asks[0].options.stop).toEqual([])
  })

  it('when it asks for no more than the choice', () => {
    const { asks, stream } = understood(choiceRequest({ ...state, samples: 8 }))
    expect(asks[0].options).toMatchObject({ samples: 1, maxNewTokens: 1, balance: 0.7 })
    expect(stream).toBe(false)
  })
})
