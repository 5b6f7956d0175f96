import type { DataFileError } from '../errors.js'
import { LengthCounter, type Lengths } from './lengths.js'
import type { Scanned } from './scan.js'
import { SPLIT_NAMES } from './split.js'
import type { Example, SplitName, Task, TaskDefinition } from './types.js'

/** Problems that are kept to be shown; all are counted. */
const PROBLEMS_KEPT = 20
const SHOWN_EXAMPLES = 3

/** A row that cannot be read, or whose id is not its own. */
export interface RowProblem {
  file: string
  line?: number
  field?: string
  message: string
}

export interface TextLengths {
  characters: Lengths
  /** Between blanks; languages without blanks have few. */
  words: Lengths
  /** Of the whole prompt, the chat template included; only with a tokenizer. */
  tokens?: Lengths
}

/** What `edt data` tells of a task's files. */
export interface DataSummary {
  definition: TaskDefinition
  path: string
  /** Rows that could be read; of a task folder its examples. */
  rows: number
  /** Examples that the rows gave, in all and by split. */
  examples: number
  splits: Record<SplitName, number>
  /** Examples whose source was cut to `maxSourceChars`. */
  cut: number
  /** Rows, or parts of them, that make no example, by reason. */
  leftOut: Record<string, number>
  /** Rows that cannot be read, when they are skipped. */
  bad: { count: number; first: RowProblem[] }
  /** Rows whose id an earlier row has; they stay. */
  repeatedIds: { count: number; first: RowProblem[] }
  /** Prompts that do not fit into the model's context with the longest answer; only with a model. */
  tooLong?: number
  lengths: Partial<Record<'prompt' | 'source' | 'reference', TextLengths>>
  /** The first examples of the training split, or of the others if it has too few; `prompt` is as the model sees it. */
  shown: (Example & { split: SplitName })[]
}

export interface SummaryOptions {
  /** A prompt as the model sees it, and how many tokens it has. @default the prompt as it is, no tokens */
  encode?: (prompt: string) => { text: string; tokenIds: readonly number[] }
  /** Positions of the model. @default not checked */
  contextLength?: number
  /** Called now and then. */
  onProgress?: (rows: number) => void
  signal?: AbortSignal
}

/**
 * Reads all files of a task once and counts what is in them.
 * @throws {DataFileError} for a file that cannot be read; for the first bad row unless the task skips them
 */
export async function summarizeTask(task: Task, options: SummaryOptions = {}): Promise<DataSummary> {
  const { encode, contextLength, onProgress, signal } = options
  const { definition, path } = task
  const summary: DataSummary = {
    ...{ definition, path, rows: 0, examples: 0, splits: { train: 0, validation: 0, test: 0 }, cut: 0, leftOut: {} },
    ...{ bad: { count: 0, first: [] }, repeatedIds: { count: 0, first: [] }, lengths: {}, shown: [] },
    ...(contextLength === undefined ? {} : { tooLong: 0 }),
  }
  const texts = { prompt: new TextCounter(), source: new TextCounter(), reference: new TextCounter() }
  const shown = new Map<SplitName, DataSummary['shown']>(SPLIT_NAMES.map((split) => [split, []]))
  for await (const scanned of 'scan' in task ? (task as ScannedTask).scan() : scanFolder(task)) {
    signal?.throwIfAborted()
    if (scanned.kind === 'row') {
      summary.rows++
      onProgress?.(summary.rows)
    } else if (scanned.kind === 'bad') note(summary.bad, scanned.error)
    else if (scanned.kind === 'repeated id') note(summary.repeatedIds, scanned.error)
    else if (scanned.kind === 'left out') summary.leftOut[scanned.reason] = (summary.leftOut[scanned.reason] ?? 0) + 1
    else {
      const { split, example, source, cut } = scanned
      summary.examples++
      summary.splits[split]++
      if (cut) summary.cut++
      const encoded = encode?.(example.prompt)
      texts.prompt.add(encoded?.text ?? example.prompt, encoded?.tokenIds.length)
      if (source !== undefined) texts.source.add(source)
      for (const reference of example.references) texts.reference.add(reference)
      if (contextLength !== undefined && encoded!.tokenIds.length + definition.maxNewTokens > contextLength) {
        summary.tooLong!++
      }
      const first = shown.get(split)!
      if (first.length < SHOWN_EXAMPLES) first.push({ ...example, prompt: encoded?.text ?? example.prompt, split })
    }
  }
  for (const [name, counter] of Object.entries(texts) as [keyof typeof texts, TextCounter][]) {
    const lengths = counter.summary()
    if (lengths !== undefined) summary.lengths[name] = lengths
  }
  return { ...summary, shown: [...shown.values()].flat().slice(0, SHOWN_EXAMPLES) }
}

type ScannedTask = Task & { scan(): AsyncGenerator<Scanned> }

/** A task folder has an example a row, and says nothing of its sources. */
async function* scanFolder(task: Task): AsyncGenerator<Scanned> {
  for (const split of SPLIT_NAMES) {
    if (!task.hasSplit(split)) continue
    for (const example of await task.examples(split)) {
      yield { kind: 'row' }
      yield { kind: 'example', split, example, cut: false }
    }
  }
}

function note(problems: DataSummary['bad'], { file, line, field, message }: DataFileError): void {
  problems.count++
  if (problems.first.length < PROBLEMS_KEPT) problems.first.push({ file, line, field, message })
}

class TextCounter {
  private readonly characters = new LengthCounter()
  private readonly words = new LengthCounter()
  private readonly tokens = new LengthCounter()

  add(text: string, tokens?: number): void {
    this.characters.add(text.length)
    this.words.add(text.match(/\S+/g)?.length ?? 0)
    if (tokens !== undefined) this.tokens.add(tokens)
  }

  summary(): TextLengths | undefined {
    const characters = this.characters.summary()
    const words = this.words.summary()
    const tokens = this.tokens.summary()
    if (characters === undefined || words === undefined) return undefined
    return { characters, words, ...(tokens === undefined ? {} : { tokens }) }
  }
}
