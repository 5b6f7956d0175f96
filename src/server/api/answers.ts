import { randomUUID } from 'node:crypto'
import type { TokenTrace } from '../../lm/types.js'
import type { GeneratedSample, GenerateStart } from '../../runtime/types.js'
import type { Answer } from '../model/protocol.js'
import type { Understood } from './asks.js'
import { chatLogprobs, completionLogprobs } from './logprobs.js'

export type Kind = 'chat' | 'completion'

/** What all answers and chunks of one request share. */
export interface Envelope {
  kind: Kind
  id: string
  created: number
  model: string
}

export function newEnvelope(kind: Kind, model: string): Envelope {
  const id = `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${randomUUID()}`
  return { kind, id, created: Math.floor(Date.now() / 1000), model }
}

/** The chosen values, as the answer tells them in `edt`. */
export function edtStart({ t0, theta, balance, chosenBy, strategy, seed }: GenerateStart) {
  return { t0, theta, balance, chosen_by: chosenBy, strategy, seed }
}

/** What a sample was like, in `edt`. */
export function edtEnd({ meanEntropy, meanTemperature, newTokens }: Omit<GeneratedSample, 'text'>) {
  return { mean_entropy: meanEntropy, mean_temperature: meanTemperature, tokens: newTokens }
}

export const finishReason = ({ stopReason }: Pick<GeneratedSample, 'stopReason'>): 'stop' | 'length' =>
  stopReason === 'length' ? 'length' : 'stop'

/** One step of a trace in the API's spelling. */
export function edtStep({
  text,
  entropy,
  temperature,
  probability,
  nucleusSize,
  rank,
  logprob,
  alternatives,
}: TokenTrace) {
  return { text, entropy, temperature, probability, nucleus_size: nucleusSize, rank, logprob, alternatives }
}

export function usage(answers: readonly Pick<Answer, 'promptTokens' | 'newTokens'>[]) {
  const prompt = answers.reduce((sum, { promptTokens }) => sum + promptTokens, 0)
  const completion = answers.reduce((sum, { newTokens }) => sum + newTokens, 0)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

/** The whole body of an answer that is not streamed. @param answers one for each prompt */
export function answerBody(envelope: Envelope, answers: readonly Answer[], { samples, logprobs, trace }: Understood) {
  const { kind, id, created, model } = envelope
  const choices = answers.flatMap((answer, prompt) =>
    answer.samples.map((sample, i) => ({
      index: prompt * samples + i,
      ...(kind === 'chat'
        ? { message: { role: 'assistant', content: sample.text, refusal: null } }
        : { text: sample.text }),
      logprobs: logprobs === undefined ? null : logprobsOf(kind, sample, logprobs),
      finish_reason: finishReason(sample),
      edt: { ...edtStart(answer), ...edtEnd(sample), ...(trace ? { trace: sample.trace?.map(edtStep) } : {}) },
    })),
  )
  const all = answers.flatMap((answer) => answer.samples)
  const mean = (of: 'meanEntropy' | 'meanTemperature') => all.reduce((sum, sample) => sum + sample[of], 0) / all.length
  return {
    ...{ id, object: kind === 'chat' ? 'chat.completion' : 'text_completion', created, model, choices },
    usage: usage(answers),
    edt: { ...edtStart(answers[0]), mean_entropy: mean('meanEntropy'), mean_temperature: mean('meanTemperature') },
  }
}

function logprobsOf(kind: Kind, { trace = [], tokenIds }: GeneratedSample, top: number) {
  // The token that ends an answer is no part of it.
  const steps = trace.slice(0, tokenIds.length)
  return kind === 'chat' ? chatLogprobs(steps, top) : completionLogprobs(steps, top)
}

/** One chunk of a streamed answer. @param edt what is new of the field `edt` */
export function chunkBody(
  { kind, id, created, model }: Envelope,
  index: number,
  piece: { text: string; first?: boolean; finish?: 'stop' | 'length'; logprobs?: object; edt?: object },
) {
  const { text, first = false, finish = null, logprobs = null, edt } = piece
  const choice = {
    index,
    ...(kind === 'chat'
      ? { delta: { ...(first ? { role: 'assistant' } : {}), ...(text !== '' || first ? { content: text } : {}) } }
      : { text }),
    logprobs,
    finish_reason: finish,
    ...(edt === undefined ? {} : { edt }),
  }
  return {
    ...{ id, object: kind === 'chat' ? 'chat.completion.chunk' : 'text_completion', created, model },
    choices: [choice],
  }
}
