import { basename } from 'node:path'
import { InvalidOptionError } from '../errors.js'
import { type Dataset, datasets, genericDataset } from './datasets/index.js'
import { checkRequest, withOptions } from './options.js'
import { expandFiles } from './rows/read.js'
import { type Scanned, scan } from './scan.js'
import { type DatasetSpec, parseSpec } from './spec.js'
import { checkShares, DEFAULT_SHARES, SPLIT_NAMES } from './split.js'
import type { Example, SplitName, Task, TaskDefinition, TaskOptions } from './types.js'

/** The task that any JSONL, CSV or Parquet file makes with the names of its fields. */
const GENERIC = 'generic'

/** Tasks that are opened with files: `xlsum:articles.jsonl`. */
export const DATASET_NAMES: readonly string[] = [...datasets.keys(), GENERIC]

/** A task whose examples come from data files. */
export interface DatasetTask extends Task {
  /** Everything in the files, row by row: what `edt data` counts. @throws {DataFileError} unless bad rows are skipped */
  scan(): AsyncGenerator<Scanned>
}

/**
 * Opens a data set with its files; undefined when the text names none. Files are not read before their examples are asked for.
 * @param text `NAME`, `NAME:FILE,…` or `NAME:train=FILE,validation=FILE,test=FILE`; files may be globs and https addresses
 * @throws {InvalidOptionError}
 */
export function openDataset(text: string, options: TaskOptions): DatasetTask | undefined {
  const spec = parseSpec(text, DATASET_NAMES)
  if (spec === undefined) return undefined
  const { splitShares: shares = DEFAULT_SHARES, skipBadRows = false, onProblem } = options
  checkShares(shares)
  const dataset = datasets.get(spec.dataset) ?? genericDataset(genericName(spec), options)
  const groups = groupsOf(spec, shares)
  const definition = {
    ...withOptions(definitionOf(dataset, options.chat ?? false), options),
    ...(spec.files !== undefined && 'shared' in spec.files ? { splits: `by document ${shares.join('/')}` } : {}),
  }

  async function* scanGroups(wanted?: SplitName): AsyncGenerator<Scanned> {
    if (groups.length === 0) {
      const found = `${text} (without files)`
      throw new InvalidOptionError(`the task ${spec!.dataset}`, `given with its files, ${spec!.dataset}:FILE`, found)
    }
    for (const { split, patterns } of groups) {
      if (typeof split === 'string' && wanted !== undefined && split !== wanted) continue
      yield* scan({ files: await expandFiles(patterns), dataset, definition, split, skipBadRows })
    }
  }

  async function examples(split: SplitName, limit = Number.POSITIVE_INFINITY): Promise<Example[]> {
    checkRequest(split, limit)
    const found: Example[] = []
    for await (const scanned of scanGroups(split)) {
      if (scanned.kind === 'bad' || scanned.kind === 'repeated id') onProblem?.(scanned.error)
      if (scanned.kind !== 'example' || scanned.split !== split) continue
      found.push(scanned.example)
      if (found.length === limit) break
    }
    return found
  }

  return {
    definition,
    path: groups.flatMap(({ patterns }) => patterns).join(','),
    hasSplit: (split) => groups.some((group) => typeof group.split !== 'string' || group.split === split),
    examples,
    scan: () => scanGroups(),
  }
}

interface FileGroup {
  patterns: readonly string[]
  split: SplitName | readonly number[]
}

function groupsOf({ files }: DatasetSpec, shares: readonly number[]): FileGroup[] {
  if (files === undefined) return []
  if ('shared' in files) return [{ patterns: files.shared, split: shares }]
  return SPLIT_NAMES.flatMap((split) => (files.bySplit[split] ? [{ patterns: files.bySplit[split], split }] : []))
}

function definitionOf(dataset: Dataset, chat: boolean): TaskDefinition {
  const { name, description, metric, tokenize, maxNewTokens, stop, templates } = dataset
  return { name, description, template: chat ? templates.chat : templates.plain, metric, tokenize, maxNewTokens, stop }
}

/** Generic tasks are named after their first file, so that several can be mixed. */
function genericName({ files }: DatasetSpec): string {
  if (files === undefined) return GENERIC
  const [first] = 'shared' in files ? files.shared : Object.values(files.bySplit).flat()
  const stem = basename(first).replace(/\.[^.]*$/, '')
  const name = stem.replace(/[^\w.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return name === '' || name in {} ? GENERIC : name
}
