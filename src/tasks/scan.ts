import { createHash } from 'node:crypto'
import { DataFileError, describeValue } from '../errors.js'
import { cutText } from './cut.js'
import type { Dataset, Draft } from './datasets/index.js'
import { readRows } from './rows/read.js'
import type { Place } from './rows/types.js'
import { FirstPlaces } from './seen.js'
import { splitOf } from './split.js'
import { renderTemplate } from './template.js'
import type { Example, SplitName, TaskDefinition } from './types.js'
import { validate } from './validate.js'

/** Rows a file has at most, for the places of duplicates. */
const PLACES_PER_FILE = 2 ** 40

/** What became of a row or of a part of it, in the order of the files. */
export type Scanned =
  | { kind: 'row' }
  | { kind: 'example'; split: SplitName; example: Example; source?: string; cut: boolean }
  | { kind: 'left out'; reason: string }
  | { kind: 'bad'; error: DataFileError }
  | { kind: 'repeated id'; error: DataFileError }

export interface ScanOptions {
  files: readonly string[]
  dataset: Dataset
  definition: TaskDefinition
  /** The split of all rows, or the shares of the three to assign them by. */
  split: SplitName | readonly number[]
  /** Report bad rows and go on, instead of throwing. */
  skipBadRows: boolean
}

/**
 * Reads the files of a data set row by row. Only digests of the ids are kept, so memory hardly grows with the files.
 * @throws {DataFileError} for a file that cannot be read; for the first bad row unless they are skipped
 */
export async function* scan(options: ScanOptions): AsyncGenerator<Scanned> {
  const { files, dataset, skipBadRows } = options
  const ids = new FirstPlaces()
  const bad: DataFileError[] = []
  const onBadRow = skipBadRows ? (error: DataFileError) => bad.push(error) : undefined
  for (const [fileIndex, file] of files.entries()) {
    const before = fileIndex * PLACES_PER_FILE
    for await (const { place, value } of readRows(file, { onBadRow })) {
      for (const error of bad.splice(0)) yield { kind: 'bad', error }
      let row: unknown
      try {
        row = validate(place.file, place.line, dataset.row, value)
      } catch (error) {
        if (!skipBadRows) throw error
        yield { kind: 'bad', error: error as DataFileError }
        continue
      }
      yield { kind: 'row' }
      let repeats = 0
      for (const draft of dataset.drafts(row)) {
        if ('leftOut' in draft) {
          yield { kind: 'left out', reason: draft.leftOut }
          continue
        }
        // An empty cell of a table is no id.
        const id = draft.id || digestOf(draft)
        const first = ids.visit(id, before + place.number)
        if (first === undefined) yield example(draft, id, options)
        else if (!draft.id) yield { kind: 'left out', reason: 'the same as an earlier row' }
        else {
          const elsewhere =
            Math.floor(first / PLACES_PER_FILE) === fileIndex ? undefined : files[Math.floor(first / PLACES_PER_FILE)]
          yield { kind: 'repeated id', error: repeated(place, dataset.idField, id, first % PLACES_PER_FILE, elsewhere) }
          // The row stays; ids must be unique within a split, so the place makes it so, with a number for those of the same row.
          repeats++
          const number = `${place.number}${repeats === 1 ? '' : `.${repeats}`}`
          let own = `${id}~${fileIndex === 0 ? '' : `${fileIndex + 1}:`}${number}`
          while (ids.visit(own, before + place.number) !== undefined) own += '~'
          yield example(draft, own, options)
        }
      }
    }
    for (const error of bad.splice(0)) yield { kind: 'bad', error }
  }
}

function example(draft: Draft, id: string, { definition, split }: ScanOptions): Scanned {
  const { template, maxSourceChars } = definition
  const source = maxSourceChars === undefined ? draft.source : cutText(draft.source, maxSourceChars)
  const fields = new Map(Object.entries(draft.fields ?? {}))
  return {
    kind: 'example',
    split: typeof split === 'string' ? split : splitOf(draft.document, split),
    example: {
      id,
      prompt: renderTemplate(template, new Map(fields).set('source', source)),
      promptWithoutSource: renderTemplate(template, new Map(fields).set('source', '')),
      references: draft.references,
    },
    source,
    cut: source.length < draft.source.length,
  }
}

/** An id for rows without one: the same text has the same id wherever it stands. */
function digestOf({ source, fields, references }: Draft): string {
  return createHash('sha256')
    .update(JSON.stringify([source, fields, references]))
    .digest('hex')
    .slice(0, 16)
}

function repeated(
  place: Place,
  field: string,
  id: string,
  first: number,
  elsewhere: string | undefined,
): DataFileError {
  const where = `${place.line === undefined ? 'row' : 'line'} ${first}${elsewhere === undefined ? '' : ` of ${elsewhere}`}`
  const problem = `expected a value of its own, but found ${describeValue(id)}, which ${where} has already.`
  return new DataFileError(place.file, place.line, field, problem)
}
