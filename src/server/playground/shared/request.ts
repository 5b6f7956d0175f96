import type { PageState } from './state.js'

/** Answers with EDT, or at the fixed temperature that they are compared with. */
export type Side = 'edt' | 'fixed'

/** Alternatives that are shown for a token. */
const ALTERNATIVES = 6

/** Path and body of the request for one side's answers. @param tuner whether the server has one, that a balance can be asked of */
export function answerRequest(state: PageState, side: Side, tuner: boolean): { path: string; body: object } {
  const { prompt, chat, balance, t0, theta, temperature, samples, maxTokens, seed, topP, oneLine } = state
  const setting =
    side === 'fixed' ? { temperature } : { edt: { ...(tuner ? { balance } : {}), t0, theta } satisfies object }
  const edt = { ...('edt' in setting ? setting.edt : {}), trace: true, alternatives: ALTERNATIVES }
  const rest = {
    ...(side === 'fixed' ? { temperature } : {}),
    ...{ n: samples, seed, max_tokens: maxTokens, top_p: topP, stop: oneLine ? ['\n'] : [] },
    ...{ stream: true, edt },
  }
  return chat
    ? { path: '/v1/chat/completions', body: { messages: [{ role: 'user', content: prompt }], ...rest } }
    : { path: '/v1/completions', body: { prompt, ...rest } }
}
