import { randomInt } from 'node:crypto'
import { InvalidOptionError } from '../errors.js'
import { observePrompt } from '../features/index.js'
import { encodePrompt } from '../lm/chat.js'
import { fitToContext } from '../lm/index.js'
import type { ChatMessage, DecodedRow, LanguageModel } from '../lm/types.js'
import { createRule, createSampler, randomStream } from '../sampling/index.js'
import { checkChoice, choose } from './choose.js'
import { StreamText } from './stream-text.js'
import type { GeneratedSample, GeneratedToken, GenerateOptions, GenerateResult, GenerateStart } from './types.js'

const DEFAULT_MAX_NEW_TOKENS = 128

/** What wants to know of an answer while it comes. Text is worked out token by token only for a listener with `onToken`. */
export interface AnswerListener {
  /** Before the first token. */
  onStart?: (start: GenerateStart) => void
  onToken?: (token: GeneratedToken) => void
  /** A sample is complete; `rest` is what no token's text has shown. */
  onEnd?: (sample: number, decoded: GeneratedSample, rest: string) => void
}

/** The work of `generate` and `stream`, which say what it takes, gives and throws. */
export async function answer(
  model: LanguageModel,
  prompt: string | readonly ChatMessage[],
  options: Omit<GenerateOptions, 'onToken'>,
  { onStart, onToken, onEnd }: AnswerListener,
): Promise<GenerateResult> {
  const { tuner, samples = 1, alternatives = 0, signal, truncate = false } = options
  const { trace = alternatives > 0 } = options
  checkChoice(options)
  checkWhole('samples', samples, 1)
  checkWhole('alternatives', alternatives, 0)
  if (options.seed !== undefined) checkWhole('seed', options.seed, 0)
  if (options.maxNewTokens !== undefined) checkWhole('maxNewTokens', options.maxNewTokens, 1)
  signal?.throwIfAborted()
  tuner?.checkModel(model)
  const { text, tokenIds } = encodePrompt(model, prompt)
  const seed = options.seed ?? randomInt(2 ** 31)
  const maxNewTokens =
    options.maxNewTokens ?? defaultLength(model, tokenIds.length, tuner?.metadata.decoding.maxNewTokens)
  const fitted = fitToContext(model, tokenIds, maxNewTokens, { truncate })
  const needsSurprisals = tuner?.metadata.features.groups.includes('surprisal') ?? false
  const prefill = await model.prefill(fitted, { surprisals: needsSurprisals, profile: options.profile })
  const { strategy, chosenBy, balance, features } = choose(options, observePrompt(text, prefill))
  const rule = createRule(strategy)
  const sampler = createSampler({ rule, truncation: truncationOf(options) })
  const contrast = rule.needsContrast ? await prefillWithoutSource(model, options, maxNewTokens) : undefined
  const start: GenerateStart = {
    ...(strategy.name === 'edt' ? { t0: strategy.t0, theta: strategy.theta } : {}),
    ...(balance === undefined ? {} : { balance }),
    chosenBy,
    strategy: sampler.signature,
    seed,
    promptTokens: prefill.tokenIds.length,
    ...(features === undefined ? {} : { features }),
  }
  onStart?.(start)
  const stopStrings = options.stop ?? tuner?.metadata.decoding.stop ?? model.stopStrings
  const engine = options.engine ?? model.engine({ profile: options.profile })
  const decoded = await Promise.all(
    Array.from({ length: samples }, async (_, sample) => {
      const stream = onToken === undefined ? undefined : new StreamText((ids) => model.decode(ids), stopStrings)
      const row = await engine.decode({
        prefill,
        contrast,
        sampler,
        random: randomStream(seed, sample),
        maxNewTokens,
        stopStrings,
        trace,
        alternatives,
        signal,
        ...(stream === undefined
          ? {}
          : {
              onToken: (token) => {
                const added = model.endTokenIds.has(token.token) ? '' : stream.push(token.token)
                onToken?.({ ...token, sample, text: added })
              },
            }),
      })
      const complete = sampleOf(row)
      onEnd?.(sample, complete, stream?.rest(row.text) ?? row.text)
      return complete
    }),
  )
  const { text: first, tokenIds: ids, stopReason, trace: firstTrace } = decoded[0]
  return {
    ...{ text: first, tokenIds: ids, stopReason },
    ...start,
    samples: decoded,
    newTokens: decoded.reduce((sum, { newTokens }) => sum + newTokens, 0),
    ...(firstTrace === undefined ? {} : { trace: firstTrace }),
  }
}

/** A default never overflows the context by itself: it gives way to the prompt. */
function defaultLength(model: LanguageModel, promptTokens: number, trained = DEFAULT_MAX_NEW_TOKENS): number {
  const room = model.contextLength - promptTokens
  return room >= 1 ? Math.min(trained, room) : trained
}

function truncationOf({ topNSigma, topK, topP, minP, tuner }: GenerateOptions) {
  return { topNSigma, topK, topP: topP ?? tuner?.metadata.decoding.topP, minP }
}

async function prefillWithoutSource(model: LanguageModel, options: GenerateOptions, maxNewTokens: number) {
  const { promptWithoutSource, truncate } = options
  if (promptWithoutSource === undefined) {
    throw new InvalidOptionError(
      'promptWithoutSource',
      'given for the kld strategy: the same prompt without its source',
      undefined,
    )
  }
  const ids = fitToContext(model, model.encode(promptWithoutSource), maxNewTokens, { truncate })
  return model.prefill(ids, { surprisals: false, profile: options.profile })
}

function sampleOf({ text, tokenIds, stopReason, steps, meanEntropy, meanTemperature, trace }: DecodedRow) {
  const sample: GeneratedSample = { text, tokenIds, stopReason, newTokens: steps, meanEntropy, meanTemperature }
  return trace === undefined ? sample : { ...sample, trace }
}

function checkWhole(option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new InvalidOptionError(option, `a whole number ≥ ${least}`, value)
}
