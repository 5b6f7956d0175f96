import type { PageState } from './state.js'

/** Answers with EDT, or at the fixed temperature that they are compared with. */
export type Side = 'edt' | 'fixed'

/** Alternatives that are shown for a token. */
const ALTERNATIVES = 6

interface ApiRequest {
  path: string
  body: object
}

/** The cheapest request that tells what the tuner chooses: one token of one answer. */
export function choiceRequest(state: PageState): ApiRequest {
  const { path, body } = answerRequest({ ...state, samples: 1, maxTokens: 1 }, 'edt', true)
  return { path, body: { ...body, stream: false } }
}

/** The request for one side's answers. @param tuner whether the server has one, that a balance can be asked of */
export function answerRequest(state: PageState, side: Side, tuner: boolean): ApiRequest {
  const { prompt, chat, balance, t0, theta, temperature, samples, maxTokens, seed, topP, oneLine } = state
  // With both set by hand nothing is left for the tuner to choose.
  const asked = tuner && (t0 === undefined || theta === undefined)
  const seen = { trace: true, alternatives: ALTERNATIVES }
  const rest = {
    ...(side === 'fixed' ? { temperature, edt: seen } : { edt: { ...(asked ? { balance } : {}), t0, theta, ...seen } }),
    ...{ n: samples, seed, max_tokens: maxTokens, top_p: topP, stop: oneLine ? ['\n'] : [], stream: true },
  }
  return chat
    ? { path: '/v1/chat/completions', body: { messages: [{ role: 'user', content: prompt }], ...rest } }
    : { path: '/v1/completions', body: { prompt, ...rest } }
}
