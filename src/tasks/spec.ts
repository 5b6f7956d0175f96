import { existsSync } from 'node:fs'
import { InvalidOptionError } from '../errors.js'
import { SPLIT_NAMES } from './split.js'
import type { SplitName } from './types.js'

/** A data set with its files: all splits in the same files, or files for each split. */
export interface DatasetSpec {
  dataset: string
  /** Paths, globs or https addresses, as given; undefined when only the data set is named. */
  files?: { shared: string[] } | { bySplit: Partial<Record<SplitName, string[]>> }
}

/**
 * Reads `NAME`, `NAME:FILE[,FILE…]` or `NAME:train=FILE,validation=FILE,test=FILE`; undefined when NAME is no data set.
 * @throws {InvalidOptionError} for an unknown split, or files with a split beside files without
 */
export function parseSpec(text: string, datasets: readonly string[]): DatasetSpec | undefined {
  const [, dataset, rest] = /^([^:]+)(?::(.*))?$/s.exec(text) ?? []
  if (dataset === undefined || !datasets.includes(dataset)) return undefined
  if (rest === undefined) return { dataset }
  // A comma may also be part of a file's name.
  const parts = existsSync(rest) ? [rest] : rest.split(',').map((part) => part.trim())
  if (parts.includes('')) throw badSpec(text)
  const named = parts.map((part) => /^(\w+)=(.+)$/s.exec(part))
  if (named.every((match) => match === null)) return { dataset, files: { shared: parts } }
  const bySplit: Partial<Record<SplitName, string[]>> = {}
  for (const match of named) {
    const split = SPLIT_NAMES.find((name) => name === match?.[1])
    if (match === null || split === undefined) throw badSpec(text)
    bySplit[split] = [...(bySplit[split] ?? []), match[2]]
  }
  return { dataset, files: { bySplit } }
}

function badSpec(text: string): InvalidOptionError {
  const forms = 'NAME:FILE, NAME:FILE,FILE or NAME:train=FILE,validation=FILE,test=FILE'
  return new InvalidOptionError('a task from files', forms, text)
}
