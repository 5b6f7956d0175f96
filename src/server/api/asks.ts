import type { ChatMessage } from '../../lm/types.js'
import type { Ask } from '../model/protocol.js'
import { ApiError } from './errors.js'
import { type ChatRequest, type CompletionRequest, type EdtFields, MAX_ROWS } from './schema.js'

/** A request, understood: prompts to answer, and what the client wants to see. */
export interface Understood {
  asks: Ask[]
  /** Answers to each prompt. */
  samples: number
  stream: boolean
  includeUsage: boolean
  /** Tell each token's log-probability, and so many alternatives. */
  logprobs?: number
  /** Tell each token's entropy, temperature and so on. */
  trace: boolean
}

/** What the server allows and assumes. */
export interface AskRules {
  /** Most new tokens of an answer. */
  maxTokens: number
  /** New tokens of an answer whose length the request leaves open. */
  defaultTokens: number
  /** T0, θ, balance and bounds, or a rule without a tuner: what holds where the request does not say. */
  choice?: Ask['options']
  /** Whether there is a tuner that chooses. */
  tuner: boolean
}

/** @throws {ApiError} */
export function understandChat(request: ChatRequest, rules: AskRules): Understood {
  if (request.top_logprobs != null && request.logprobs !== true) {
    throw new ApiError(400, 'The field top_logprobs: expected logprobs to be true as well.', { param: 'top_logprobs' })
  }
  const logprobs = request.logprobs ? (request.top_logprobs ?? 0) : undefined
  const messages = request.messages.map(({ role, content }): ChatMessage => {
    const text = typeof content === 'string' ? content : content.map((part) => part.text).join('')
    return { role: role === 'developer' ? 'system' : role, content: text }
  })
  const limit = request.max_completion_tokens ?? request.max_tokens ?? undefined
  return understand(request, [messages], logprobs, limit, rules)
}

/** @throws {ApiError} */
export function understandCompletion(request: CompletionRequest, rules: AskRules): Understood {
  const prompts = [request.prompt].flat()
  if (prompts.length * (request.n ?? 1) > MAX_ROWS) {
    throw new ApiError(400, `The field prompt: expected at most ${MAX_ROWS} answers in all, prompts times n.`, {
      param: 'prompt',
    })
  }
  return understand(request, prompts, request.logprobs ?? undefined, request.max_tokens ?? undefined, rules)
}

function understand(
  request: ChatRequest | CompletionRequest,
  prompts: readonly Ask['prompt'][],
  logprobs: number | undefined,
  maxTokens: number | undefined,
  rules: AskRules,
): Understood {
  if (maxTokens !== undefined && maxTokens > rules.maxTokens) {
    throw new ApiError(
      400,
      `The field max_tokens: expected at most ${rules.maxTokens}, which is this server's limit.`,
      {
        param: 'max_tokens',
      },
    )
  }
  const edt = typeof request.edt === 'object' && request.edt !== null ? request.edt : {}
  const samples = request.n ?? 1
  const stream = request.stream ?? false
  const trace = edt.trace ?? (edt.alternatives ?? 0) > 0
  const alternatives = Math.max(logprobs ?? 0, trace ? (edt.alternatives ?? 0) : 0)
  const options: Ask['options'] = {
    ...choiceOf(request, edt, rules),
    samples,
    seed: request.seed ?? undefined,
    // Left open where it may be, since a default gives way to a long prompt.
    maxNewTokens: maxTokens ?? (rules.defaultTokens > rules.maxTokens ? rules.maxTokens : undefined),
    stop: request.stop == null ? undefined : [request.stop].flat(),
    topP: request.top_p ?? undefined,
    trace: trace || logprobs !== undefined,
    alternatives,
  }
  return {
    asks: prompts.map((prompt) => ({ prompt, options, stream })),
    ...{ samples, stream, trace },
    includeUsage: request.stream_options?.include_usage ?? false,
    ...(logprobs === undefined ? {} : { logprobs }),
  }
}

/** Who sets the temperature: what the field `edt` says, else the client's `temperature`, else the server. */
function choiceOf(
  request: ChatRequest | CompletionRequest,
  edt: EdtFields,
  { choice, tuner }: AskRules,
): Ask['options'] {
  const { t0, theta, base, balance, t0_range: t0Range, theta_range: thetaRange } = edt
  const { temperature } = request
  const asked = Object.fromEntries(
    Object.entries({ t0, theta, base, balance, t0Range, thetaRange }).filter(([, value]) => value !== undefined),
  )
  const byHand = t0 !== undefined && theta !== undefined
  if (request.edt === 'auto' || Object.keys(asked).length > 0) {
    if (byHand) return asked
    // What the server was started with goes on to hold where the request says nothing, e.g. its bounds.
    if (tuner) return { ...choice, ...asked }
    const how = 'This server has no tuner for its model; give t0 and theta, or a temperature.'
    throw new ApiError(400, `The field edt: ${how}`, { param: 'edt', code: 'no_tuner' })
  }
  if (temperature == null) return choice ?? {}
  return { strategy: temperature === 0 ? { name: 'greedy' } : { name: 'fixed', temperature } }
}
