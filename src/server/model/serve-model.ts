import { EdtError } from '../../errors.js'
import { ContextOverflowError, loadModel } from '../../lm/index.js'
import type { DecodeEngine, LanguageModel } from '../../lm/types.js'
import { toPlainError } from '../../process/index.js'
import { generate, stream } from '../../runtime/index.js'
import type { GenerateOptions, GenerateResult, StreamChunk } from '../../runtime/types.js'
import { loadTuner, type Tuner } from '../../tuner/index.js'
import type { Answer, Ask, FromModel, LoadRequest, News, ServedModel, ToModel } from './protocol.js'

/**
 * The life of the model's process: loads what it is told to load, then answers requests, all in one engine so that they share its batches, until
 * its parent lets go of it or dies. ONNX Runtime blocks the thread that calls it; here it blocks nobody who speaks HTTP.
 */
export function serveModel(): void {
  const send = (message: FromModel) => void process.send?.(message)
  const tell = collected((news) => send({ type: 'news', news }))
  const underWay = new Map<number, AbortController>()
  let loaded: Loaded

  async function answer(id: number, ask: Ask): Promise<void> {
    const controller = new AbortController()
    underWay.set(id, controller)
    try {
      const { model, engine, tuner } = loaded
      const { options } = ask
      const ownChoice = options.strategy !== undefined || (options.t0 !== undefined && options.theta !== undefined)
      const chosen: GenerateOptions = {
        ...options,
        ...(tuner === undefined || ownChoice ? {} : { tuner }),
        engine,
        signal: controller.signal,
      }
      if (!ask.stream) {
        tell({ id, answer: withoutFeatures(await generate(model, ask.prompt, chosen)) })
        return
      }
      const chunks = stream(model, ask.prompt, chosen)
      for (;;) {
        const { done, value } = await chunks.next()
        if (done) return tell({ id, answer: withoutTokens(withoutFeatures(value)) })
        tell({ id, chunk: light(value) })
      }
    } catch (error) {
      if (!controller.signal.aborted) tell({ id, error: toPlainError(inWordsOfTheApi(error)) })
    } finally {
      underWay.delete(id)
    }
  }

  process.on('message', async (message: ToModel) => {
    if (message.type === 'cancel') return underWay.get(message.id)?.abort()
    if (message.type === 'ask') return answer(message.id, message.ask)
    try {
      loaded = await load(message.request)
      send({ type: 'ready', model: describe(loaded) })
    } catch (error) {
      send({ type: 'failed', error: toPlainError(error) })
    }
  })
  process.on('disconnect', () => process.exit(0))
  // Ctrl-C and a service manager's signal reach every process of the group; when this one ends is its parent's decision.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
}

interface Loaded {
  model: LanguageModel
  engine: DecodeEngine
  tuner?: Tuner
}

async function load({ model: asked, tuner: checkpoint, maxRows, ...options }: LoadRequest): Promise<Loaded> {
  const model = await loadModel(asked, options)
  if (checkpoint === undefined) return { model, engine: model.engine({ maxRows }) }
  const tuner = await loadTuner(checkpoint)
  tuner.checkModel(model)
  return { model, engine: model.engine({ maxRows }), tuner }
}

function describe({ model, tuner }: Loaded): ServedModel {
  const { id, dtype, device, contextLength, hasChatTemplate } = model
  return {
    ...{ id, dtype, device, contextLength, hasChatTemplate },
    endTokenIds: [...model.endTokenIds],
    ...(tuner === undefined ? {} : { tuner: tuner.metadata }),
  }
}

/** The first sample's fields are those of the result too; once is enough. */
function withoutFeatures(result: GenerateResult): Answer {
  const { features: _, text: _1, tokenIds: _2, stopReason: _3, trace: _4, ...answer } = result
  return answer
}

/** What was told token by token is not told again at the end. */
function light(chunk: StreamChunk): StreamChunk {
  if (chunk.type === 'start') return { ...chunk, features: undefined }
  return chunk.type === 'end' ? { ...chunk, tokenIds: [], trace: undefined } : chunk
}

function withoutTokens(answer: Answer): Answer {
  return { ...answer, samples: answer.samples.map((sample) => ({ ...sample, tokenIds: [], trace: undefined })) }
}

/** The library's own words name its options and the command line's flags. */
function inWordsOfTheApi(error: unknown): unknown {
  if (!(error instanceof ContextOverflowError)) return error
  const { promptTokens, maxNewTokens, contextLength } = error
  const message =
    `The prompt has ${promptTokens} tokens and asks for up to ${maxNewTokens} new ones, but the model's context holds ${contextLength}; ` +
    'shorten the prompt or lower max_tokens.'
  return Object.assign(new EdtError(message), { name: error.name })
}

/** Hands over what was told in one turn of the event loop together. */
function collected(flush: (news: News[]) => void): (news: News) => void {
  let waiting: News[] = []
  return (news) => {
    if (waiting.push(news) > 1) return
    setImmediate(() => {
      const all = waiting
      waiting = []
      flush(all)
    })
  }
}
