import type { ChatMessage } from '../../lm/types.js'
import type { PlainError } from '../../process/index.js'
import type { GenerateOptions, GenerateResult, StreamChunk } from '../../runtime/types.js'
import type { TunerMetadata } from '../../tuner/index.js'

/** Which model and tuner to load, as plain data. */
export interface LoadRequest {
  /** Folder, hub id, or `debian-6m`. */
  model: string
  dtype?: string
  device?: string
  /** Threads inside one step of the model. */
  threads?: number
  /** A checkpoint folder, or the name of a tuner that ships; without one, every request says its temperature itself or `choice` holds. */
  tuner?: string
  /** Most rows that are decoded at once. */
  maxRows: number
}

/** What the server tells of its model. */
export interface ServedModel {
  id: string
  dtype: string
  device: string
  contextLength: number
  hasChatTemplate: boolean
  /** Tokens that end an answer and are no part of it. */
  endTokenIds: readonly number[]
  tuner?: TunerMetadata
}

/** One prompt and how it is to be answered; plain data. */
export interface Ask {
  prompt: string | ChatMessage[]
  options: Omit<
    GenerateOptions,
    'tuner' | 'signal' | 'engine' | 'profile' | 'onToken' | 'promptWithoutSource' | 'truncate'
  >
  /** True to have every token told as it comes. */
  stream: boolean
}

/** A chunk of an answer, without the hundreds of numbers that only the tuner reads; a trace is told token by token. */
export type AnswerChunk = StreamChunk
export type Answer = Omit<GenerateResult, 'features' | 'text' | 'tokenIds' | 'stopReason' | 'trace'>

export type ToModel =
  | { type: 'load'; request: LoadRequest }
  | { type: 'ask'; id: number; ask: Ask }
  | { type: 'cancel'; id: number }

/** What happened to requests since the last message; several together, since a message between processes has its price. */
export type FromModel =
  | { type: 'ready'; model: ServedModel }
  | { type: 'failed'; error: PlainError }
  | { type: 'news'; news: News[] }

export type News = { id: number } & ({ chunk: AnswerChunk } | { answer: Answer } | { error: PlainError })
