import type { DataFileError } from '../errors.js'
import type { BleuTokenizer } from '../metrics/types.js'

/** One prompt with what its answers are judged by. */
export interface Example {
  /** Unique within its split. */
  id: string
  /** The rendered prompt, as the language model sees it; of a chat task the user's message, which the model's chat template is put around. */
  prompt: string
  /** The prompt without its source (evidence), for strategies that compare the two (KLD). */
  promptWithoutSource: string
  /** At least one reference answer. */
  references: string[]
}

/** The quality metric of a task, 0–100. */
export type QualityMetric = 'rougeL' | 'bleu'

export type { BleuTokenizer }

/** What a task folder's `task.json` says, or a data set with its options. */
export interface TaskDefinition {
  name: string
  description: string
  /** Prompt template with `{field}` placeholders, e.g. `Summarize: {source}\nSummary:`. */
  template: string
  metric: QualityMetric
  /** BLEU's tokenizer, also used for Self-BLEU. @default '13a' */
  tokenize: BleuTokenizer
  /** Length limit of an answer in tokens. */
  maxNewTokens: number
  /** Strings that end an answer; they are not part of it. */
  stop: string[]
  /** The prompt is a user's message: the model's chat template is put around it when it is encoded. @default false */
  chat?: boolean
  /** A source longer than this many characters is cut at the end of a sentence or a word. @default no limit */
  maxSourceChars?: number
  /** How rows of files without splits are shared out to train, validation and test, e.g. `by document 60/15/25`. @default by files */
  splits?: string
}

export type SplitName = 'train' | 'validation' | 'test'

/** A task: its definition and a way to read its splits. */
export interface Task {
  definition: TaskDefinition
  /** Folder that the task was read from; of a data set its files, as they were given. */
  path: string
  /** Whether there is anything to read for the split, without reading it. */
  hasSplit(split: SplitName): boolean
  /**
   * Reads one split.
   * @param limit at most this many examples, from the start of the file
   * @throws {DataFileError} naming file, line and field of the first bad row
   */
  examples(split: SplitName, limit?: number): Promise<Example[]>
}

/** How a task is opened: everything is optional, and holds for this opening only. */
export interface TaskOptions extends GenericFields {
  /** Put the model's chat template around the prompts. @default what the task says, else false */
  chat?: boolean
  /** Cut longer sources at the end of a sentence or a word. @default no limit @example 1500 */
  maxSourceChars?: number
  /** Length limit of an answer in tokens. @default the task's @example 60 */
  maxNewTokens?: number
  /** Strings that end an answer. @default the task's @example ['\n'] */
  stop?: readonly string[]
  /** @default the task's; of a generic task rougeL */
  metric?: QualityMetric
  /** Tokenizer of BLEU and Self-BLEU. @default the task's; of a generic task 13a */
  tokenize?: BleuTokenizer
  /** Weights of train, validation and test where the files have no splits. @default [60, 15, 25] */
  splitShares?: readonly number[]
  /** Hand rows that cannot be read to `onProblem` and go on, instead of stopping at the first. @default false */
  skipBadRows?: boolean
  /** Told of repeated ids and of bad rows that are skipped. @example ({ message }) => console.warn(message) */
  onProblem?: (problem: DataFileError) => void
}

/** Which columns a generic task reads. */
export interface GenericFields {
  /** Field with the question or the whole prompt. @example 'question' */
  promptField?: string
  /** Field with the reference, a text or a list of texts. @example 'answer' */
  referenceField?: string
  /** Field with the source (evidence). @default none @example 'article' */
  sourceField?: string
  /** Field with the row's id. @default `id` where the rows have one, else a digest of the row */
  idField?: string
  /** Text with `{field}` placeholders: `{prompt}`, `{source}` or any field of the rows. @default the prompt, after the source if there is one */
  template?: string
}
