import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc, { type Arbitrary } from 'fast-check'
import { packageRoot } from '../../src/package-root.js'
import { type Example, openTask, summarizeTask } from '../../src/tasks/index.js'
import { type Target, ViolationError } from '../harness/types.js'
import { damaged, noise } from '../inputs/bytes.js'
import { brokenJson, deep, edited, jsonFile } from '../inputs/json.js'
import { nastyTexts, text } from '../inputs/text.js'
import { definition, genericFields, rows } from './documents.js'
import { parquetFiles } from './parquet.js'

/** A file for one of the data sets. */
export interface DataFile {
  dataset: string
  bytes: Buffer
}

/** @throws {ViolationError} for an example that training could not work with */
function checkExamples(examples: readonly Example[]): void {
  const ids = new Set<string>()
  for (const { id, prompt, promptWithoutSource, references } of examples) {
    if (typeof id !== 'string' || id === '') throw new ViolationError(`an example has the id ${JSON.stringify(id)}`)
    if (ids.has(id)) throw new ViolationError(`two examples have the id ${JSON.stringify(id)}`)
    ids.add(id)
    const texts = [prompt, promptWithoutSource, ...references]
    if (references.length === 0) throw new ViolationError(`the example ${id} has no reference`)
    if (texts.some((one) => typeof one !== 'string'))
      throw new ViolationError(`the example ${id} holds something else than text`)
  }
}

/** Reads everything: half of the files passing over bad rows, the others stopping at the first. */
async function readDataset({ dataset, bytes }: DataFile, file: string): Promise<void> {
  const fields = dataset === 'generic' ? genericFields : {}
  const task = await openTask(`${dataset}:${file}`, {
    ...fields,
    maxSourceChars: 100,
    skipBadRows: bytes.length % 2 === 0,
  })
  checkExamples(await task.examples('train'))
}

const asLines = (documents: readonly unknown[]) => documents.map((row) => JSON.stringify(row) ?? 'null').join('\n')

const datasetNames = Object.keys(rows).filter((name) => name !== 'task')

/** Data sets whose rows fit into a table. */
const FLAT = ['xlsum', 'generic']

function perDataset(
  make: (documents: readonly object[]) => Arbitrary<Buffer>,
  names: readonly string[] = datasetNames,
): Arbitrary<DataFile> {
  return fc.oneof(...names.map((dataset) => make(rows[dataset]).map((bytes) => ({ dataset, bytes }))))
}

function datasetTarget(
  extension: string,
  about: string,
  inputs: Arbitrary<DataFile>,
  corpus: readonly DataFile[],
  quickRuns?: number,
): Target<DataFile> {
  return {
    name: `data-${extension}`,
    about,
    quickRuns,
    async open(folder) {
      const file = join(folder, `rows.${extension}`)
      return {
        inputs,
        corpus,
        async attempt(input) {
          await writeFile(file, input.bytes)
          await readDataset(input, file)
        },
      }
    },
  }
}

/** Some lines of JSON, any of which may be bad. */
function jsonLines(documents: readonly object[]): Arbitrary<Buffer> {
  const line = fc.oneof(
    { arbitrary: edited(documents).map((row) => JSON.stringify(row) ?? 'null'), weight: 4 },
    { arbitrary: fc.constantFrom(...documents.map((row) => JSON.stringify(row)), ''), weight: 2 },
    { arbitrary: fc.constantFrom(...brokenJson), weight: 1 },
  )
  return fc.oneof(
    { arbitrary: fc.array(line, { maxLength: 4 }).map((lines) => Buffer.from(lines.join('\n'))), weight: 4 },
    { arbitrary: damaged([Buffer.from(asLines(documents))]), weight: 1 },
    { arbitrary: noise, weight: 1 },
  )
}

/** A table whose cells are anything; quotes are often not closed. */
function tableText(delimiter: string): (documents: readonly object[]) => Arbitrary<Buffer> {
  const cell = fc.oneof(
    text,
    text.map((one) => `"${one.replaceAll('"', '""')}"`),
    fc.constant('"open'),
  )
  const anyLine = fc.array(cell, { maxLength: 5 }).map((cells) => cells.join(delimiter))
  const table = (documents: readonly object[]) => {
    const names = Object.keys(documents[0])
    const good = documents.map((row) => names.map((name) => JSON.stringify((row as never)[name])).join(delimiter))
    const file = Buffer.from([names.join(delimiter), ...good, ''].join('\n'))
    const fitting = fc
      .array(cell, { minLength: names.length, maxLength: names.length })
      .map((cells) => cells.join(delimiter))
    const line = fc.oneof({ arbitrary: fitting, weight: 4 }, { arbitrary: anyLine, weight: 1 })
    const header = fc.oneof(
      { arbitrary: fc.constant(names.join(delimiter)), weight: 5 },
      { arbitrary: anyLine, weight: 1 },
    )
    return fc.oneof(
      damaged([file]),
      fc
        .tuple(header, fc.array(line, { maxLength: 4 }))
        .map(([head, lines]) => Buffer.from([head, ...lines].join('\n'))),
      noise,
    )
  }
  return table
}

/** One file after the other, for one data set after the other. */
const shared = (files: readonly (string | Buffer)[]) =>
  files.map((bytes, i) => ({ dataset: datasetNames[i % datasetNames.length], bytes: Buffer.from(bytes) }))

/** Files that other tests of this project were written for. */
async function fixtures(): Promise<Buffer[]> {
  const folder = join(packageRoot(), 'src', 'tasks', 'fixtures')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'))
  return Promise.all(names.map((name) => readFile(join(folder, name))))
}

/** A folder with task.json and rows. */
const taskFolder: Target<{ taskJson: Buffer; train: Buffer }> = {
  name: 'task-folder',
  about: 'task.json and train.jsonl of a task folder',
  async open(folder) {
    const good = { taskJson: Buffer.from(JSON.stringify(definition)), train: Buffer.from(asLines(rows.task)) }
    await mkdir(folder, { recursive: true })
    return {
      inputs: fc.oneof(
        fc.record({ taskJson: jsonFile([definition]), train: fc.constant(good.train) }),
        fc.record({ taskJson: fc.constant(good.taskJson), train: jsonLines(rows.task) }),
      ),
      corpus: [
        ...[...brokenJson].map((broken) => ({ ...good, taskJson: Buffer.from(broken) })),
        ...[...(await fixtures()), ...brokenJson.map((line) => Buffer.from(line))].map((train) => ({ ...good, train })),
      ],
      async attempt({ taskJson, train }) {
        await writeFile(join(folder, 'task.json'), taskJson)
        await writeFile(join(folder, 'train.jsonl'), train)
        const task = await openTask(folder)
        if (/[/\\]|^\.+$/.test(task.definition.name))
          throw new ViolationError(`the task is named ${task.definition.name}`)
        checkExamples(await task.examples('train'))
        await summarizeTask(task)
      },
    }
  },
}

export async function dataFileTargets(): Promise<Target<never>[]> {
  const parquet = await parquetFiles()
  const parquetInputs = fc.oneof(
    ...datasetNames.map((dataset) => damaged(parquet).map((bytes) => ({ dataset, bytes }))),
  )
  const documents = perDataset((given) =>
    jsonFile([given, { data: given }, { version: '1', data: given, more: deep[3] }]),
  )
  return [
    taskFolder,
    datasetTarget(
      'jsonl',
      'JSONL rows of every data set',
      perDataset(jsonLines),
      shared([...brokenJson, ...(await fixtures())]),
    ),
    datasetTarget('json', 'JSON documents and arrays of every data set', documents, shared(brokenJson), 100),
    datasetTarget(
      'csv',
      'CSV tables of every data set',
      perDataset(tableText(','), FLAT),
      shared(['', 'a', '"', ...nastyTexts.slice(0, 12)]),
      20,
    ),
    datasetTarget(
      'tsv',
      'TSV tables of every data set',
      perDataset(tableText('\t'), FLAT),
      shared(['', '\t\t', 'a\t"']),
      20,
    ),
    datasetTarget(
      'parquet',
      'Parquet files of every data set',
      parquetInputs,
      shared(['', 'PAR1', 'PAR1PAR1', 'PAR1\xff\xff\xff\x7fPAR1']),
      40,
    ),
  ] as Target<never>[]
}
