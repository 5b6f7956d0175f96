import { randomInt } from 'node:crypto'
import { InvalidOptionError } from '../errors.js'
import { fitToContext } from '../lm/index.js'
import type { ChatMessage, DecodedRow, LanguageModel } from '../lm/types.js'
import { createRule, createSampler, randomStream } from '../sampling/index.js'
import { checkChoice, choose } from './choose.js'
import { StreamText } from './stream-text.js'
import type { GeneratedSample, GenerateOptions, GenerateResult } from './types.js'

const DEFAULT_MAX_NEW_TOKENS = 128

/**
 * Answers a prompt: one prefill gives the features, the tuner sets T0 and θ from them, and the same prefill is decoded.
 * @param prompt plain text, or messages for the model's chat template
 * @throws {InvalidOptionError} {CheckpointMismatchError} {ContextOverflowError}; the signal's reason when aborted
 * @example
 * const { text, t0, theta } = await generate(model, 'Summarize: …\nSummary:', { tuner, seed: 1 })
 */
export async function generate(
  model: LanguageModel,
  prompt: string | readonly ChatMessage[],
  options: GenerateOptions,
): Promise<GenerateResult> {
  const { tuner, samples = 1, trace = false, signal, truncate = false, onToken } = options
  checkChoice(options)
  checkWhole('samples', samples, 1)
  if (options.seed !== undefined) checkWhole('seed', options.seed, 0)
  if (options.maxNewTokens !== undefined) checkWhole('maxNewTokens', options.maxNewTokens, 1)
  signal?.throwIfAborted()
  tuner?.checkModel(model)
  const { text, tokenIds } = encodePrompt(model, prompt)
  const seed = options.seed ?? randomInt(2 ** 31)
  const maxNewTokens =
    options.maxNewTokens ?? defaultLength(model, tokenIds.length, tuner?.metadata.decoding.maxNewTokens)
  const fitted = fitToContext(model, tokenIds, maxNewTokens, { truncate })
  const needsSurprisals = tuner?.metadata.features.groups.includes('prefill') ?? false
  const prefill = await model.prefill(fitted, { surprisals: needsSurprisals })
  const { strategy, chosenBy, balance, features } = choose(options, text, prefill)
  const rule = createRule(strategy)
  const sampler = createSampler({ rule, truncation: truncationOf(options) })
  const contrast = rule.needsContrast ? await prefillWithoutSource(model, options, maxNewTokens) : undefined
  const stopStrings = options.stop ?? tuner?.metadata.decoding.stop ?? model.stopStrings
  const engine = model.engine()
  const rows = await Promise.all(
    Array.from({ length: samples }, async (_, sample) => {
      const stream = onToken === undefined ? undefined : new StreamText((ids) => model.decode(ids), stopStrings)
      return engine.decode({
        prefill,
        contrast,
        sampler,
        random: randomStream(seed, sample),
        maxNewTokens,
        stopStrings,
        trace,
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
    }),
  )
  return {
    text: rows[0].text,
    samples: rows.map(sampleOf),
    ...(strategy.name === 'edt' ? { t0: strategy.t0, theta: strategy.theta } : {}),
    ...(balance === undefined ? {} : { balance }),
    chosenBy,
    strategy: sampler.signature,
    seed,
    promptTokens: prefill.tokenIds.length,
    newTokens: rows.reduce((sum, row) => sum + row.steps, 0),
    ...(features === undefined ? {} : { features }),
  }
}

function encodePrompt(model: LanguageModel, prompt: string | readonly ChatMessage[]) {
  if (typeof prompt === 'string') return { text: prompt, tokenIds: model.encode(prompt) }
  const text = model.renderChat(prompt)
  return { text, tokenIds: model.encodeRendered(text) }
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
  return model.prefill(ids, { surprisals: false })
}

function sampleOf({ text, tokenIds, stopReason, meanEntropy, meanTemperature, trace }: DecodedRow): GeneratedSample {
  return { text, tokenIds, stopReason, meanEntropy, meanTemperature, ...(trace === undefined ? {} : { trace }) }
}

function checkWhole(option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new InvalidOptionError(option, `a whole number ≥ ${least}`, value)
}
