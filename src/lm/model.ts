import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { PreTrainedTokenizer } from '@huggingface/transformers'
import { OutOfMemoryError, recogniseOutOfMemory } from '../errors.js'
import type { BatchModel } from './batch.js'
import { encodeChat, renderBounded } from './chat.js'
import { TextEncoder } from './control-tokens.js'
import { Engine } from './engine.js'
import { ModelInputError } from './errors.js'
import { sharePrefix } from './graph/shared-prefix.js'
import { prefill } from './prefill.js'
import type { OrtSession } from './session.js'
import { sharedPrefixAgrees } from './shared-prefix-check.js'
import type {
  ChatMessage,
  DecodeEngine,
  EncodedPrompt,
  EngineOptions,
  LanguageModel,
  Prefill,
  PrefillOptions,
} from './types.js'
import { weightsHash } from './weights-hash.js'

export interface ModelParts {
  id: string
  tokenizer: PreTrainedTokenizer
  ordinary: BatchModel
  contextLength: number
  endTokenIds: ReadonlySet<number>
  stopStrings: readonly string[]
  device: string
  dtype: string
  /** The ONNX file that the session was made from, where it is one file on disk. */
  graphFile: string | undefined
  sessionOptions: Record<string, unknown>
}

/** A transformers.js model whose ONNX session the engine drives itself. */
export class OnnxLanguageModel implements LanguageModel {
  readonly id: string
  readonly vocabularySize: number
  readonly vocabularyHash: string
  readonly contextLength: number
  readonly endTokenIds: ReadonlySet<number>
  readonly stopStrings: readonly string[]
  readonly device: string
  readonly dtype: string
  readonly hasChatTemplate: boolean
  private readonly encoder: TextEncoder
  private readonly tokenTexts: (string | undefined)[] = []
  private sharedModel: Promise<BatchModel | undefined> | undefined
  private reasonNotShared: string | undefined

  constructor(private readonly parts: ModelParts) {
    this.id = parts.id
    this.vocabularySize = parts.ordinary.vocabularySize
    this.vocabularyHash = hashVocabulary(parts.tokenizer.get_vocab())
    this.encoder = new TextEncoder(parts.tokenizer)
    this.contextLength = parts.contextLength
    this.endTokenIds = parts.endTokenIds
    this.stopStrings = parts.stopStrings
    this.device = parts.device
    this.dtype = parts.dtype
    this.hasChatTemplate = Boolean(parts.tokenizer.chat_template)
  }

  async weightsHash(): Promise<string | undefined> {
    const { graphFile } = this.parts
    return graphFile === undefined ? undefined : weightsHash(graphFile)
  }

  encode(text: string): number[] {
    return this.encoder.encode(text)
  }

  encodeRendered(text: string): number[] {
    return this.encoder.bare(text)
  }

  decode = (tokenIds: readonly number[]): string => {
    // transformers.js throws on an empty list.
    if (tokenIds.length === 0) return ''
    return this.parts.tokenizer.decode([...tokenIds], { skip_special_tokens: true })
  }

  /** Text of one token alone; the same few hundred tokens come again and again, so it is kept. */
  tokenText = (token: number): string => {
    this.tokenTexts[token] ??= this.parts.tokenizer.decode([token], { skip_special_tokens: false })
    return this.tokenTexts[token]
  }

  renderChat(messages: readonly ChatMessage[]): string {
    if (!this.hasChatTemplate) {
      throw new ModelInputError(`${this.id} has no chat template; give it a plain prompt instead of messages.`)
    }
    const options = { tokenize: false, add_generation_prompt: true } as const
    return renderBounded(this.id, messages, (given) => {
      return this.parts.tokenizer.apply_chat_template([...given], options) as unknown as string
    })
  }

  encodeChat(messages: readonly ChatMessage[]): EncodedPrompt {
    return encodeChat(this.encoder, messages, (given) => this.renderChat(given))
  }

  async prefill(tokenIds: readonly number[], options: PrefillOptions = {}): Promise<Prefill> {
    const started = performance.now()
    const result = await prefill(this.parts.ordinary, tokenIds, this.contextLength, options)
    if (options.profile !== undefined) options.profile.prefill += performance.now() - started
    return result
  }

  engine(options?: EngineOptions): DecodeEngine {
    return new Engine(
      {
        contextLength: this.contextLength,
        vocabularySize: this.vocabularySize,
        endTokenIds: this.endTokenIds,
        stopStrings: this.stopStrings,
        decode: this.decode,
        tokenText: this.tokenText,
        ordinary: this.parts.ordinary,
        shared: () => this.shared(),
      },
      options,
    )
  }

  /** Whether rows of one prompt share its keys and values: `yes`, or why not. Builds the shared graph if need be. */
  async sharedPrefixStatus(): Promise<string> {
    return (await this.shared()) === undefined ? (this.reasonNotShared ?? 'no') : 'yes'
  }

  async dispose(): Promise<void> {
    const shared = await this.sharedModel?.catch(() => undefined)
    await shared?.session.release()
    await this.parts.ordinary.session.release()
  }

  private shared(): Promise<BatchModel | undefined> {
    this.sharedModel ??= this.buildShared().catch((error) => {
      this.sharedModel = undefined // tried again by the next rows: memory may be there then
      throw error
    })
    return this.sharedModel
  }

  /**
   * The rewritten graph is made when first needed: it holds the weights a second time.
   * @throws {OutOfMemoryError} rather than to take the ordinary path, whose results differ in their last digits
   */
  private async buildShared(): Promise<BatchModel | undefined> {
    const { ordinary, device, graphFile, sessionOptions } = this.parts
    if (device !== 'cpu') return this.notShared(`the device is ${device}; the rewritten graph is tested on cpu only`)
    if (graphFile === undefined) return this.notShared('the model is not one ONNX file on disk')
    if (await exists(`${graphFile}_data`)) return this.notShared('the model keeps its weights in external data files')
    const rewritten = sharePrefix(await readFile(graphFile))
    if ('unsupported' in rewritten) return this.notShared(rewritten.unsupported)
    const create = (ordinary.session.constructor as unknown as SessionFactory).create
    let session: OrtSession | undefined
    try {
      session = await create(rewritten.model, { ...sessionOptions, logSeverityLevel: 3 })
      const shared = { ...ordinary, session }
      if (await sharedPrefixAgrees(ordinary, shared)) return shared
      this.notShared('its logits differ from those of the original graph')
    } catch (error) {
      const known = recogniseOutOfMemory(error)
      if (known instanceof OutOfMemoryError) {
        await session?.release()
        throw known
      }
      this.notShared(`ONNX Runtime does not take the rewritten graph (${(error as Error).message})`)
    }
    await session?.release()
    return undefined
  }

  private notShared(reason: string): undefined {
    this.reasonNotShared = reason
    return undefined
  }
}

interface SessionFactory {
  create(model: Uint8Array, options: Record<string, unknown>): Promise<OrtSession>
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** SHA-256 over `token\0id\n` in the order of ids, first 16 hex digits. */
export function hashVocabulary(vocabulary: ReadonlyMap<string, number>): string {
  const hash = createHash('sha256')
  for (const [token, id] of [...vocabulary].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))) {
    hash.update(`${token}\0${id}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}
