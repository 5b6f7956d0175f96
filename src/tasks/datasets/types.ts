import type { z } from 'zod'
import type { TaskDefinition } from '../types.js'

/** What a row makes an example of, before source and template are put together. */
export interface Draft {
  /** The data set's own id; undefined where it has none. */
  id?: string
  /** The evidence: what the answer is made from. */
  source: string
  /** Further fields that a template may ask for. */
  fields?: Record<string, string>
  references: string[]
  /** Drafts with the same text here stay in one split. */
  document: string
}

/** Why a row, or a part of it, makes no example. */
export interface LeftOut {
  leftOut: string
}

/** A public data set: how its rows become examples. */
export interface Dataset extends Omit<TaskDefinition, 'template' | 'chat' | 'maxSourceChars'> {
  /** With `{source}` and the fields of a draft. */
  templates: { plain: string; chat: string }
  /** What a row must look like; fields beyond are ignored. */
  row: z.ZodType
  /** Field of the row that ids come from, for errors. */
  idField: string
  /** One example or several of one row, in order. */
  drafts(row: unknown): Iterable<Draft | LeftOut>
}

/** A data set whose rows are of one type; the compiler then checks `drafts` against `row`. */
export function dataset<Row extends z.ZodType>(
  given: Omit<Dataset, 'row' | 'drafts'> & { row: Row; drafts(row: z.output<Row>): Iterable<Draft | LeftOut> },
): Dataset {
  return given as Dataset
}

/** A text without anything but blanks gives nothing to judge or to answer. */
export function isBlank(text: string): boolean {
  return text.trim() === ''
}
