import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { Journal } from '../../training/ablate/journal.js'
import { FitJournal } from '../../training/studies/fit-journal.js'
import { readStudies } from '../../training/studies/result-file.js'
import type { Target } from '../harness/types.js'
import { brokenJson, edited, jsonFile } from '../inputs/json.js'

const key = { prompt: 'answer/1', job: '0123456789abcdef' }
const sample = { text: 'a', tokenCount: 1, meanEntropy: 1, meanTemperature: 1, quality: 5 }
const records = [
  { kind: 'features', ...key, values: 'AACAPw==' },
  { kind: 'feature-names', version: 2, names: ['prompt.log_tokens'] },
  { kind: 'skipped', ...key },
  {
    ...{ kind: 'rollouts', purpose: 'tuning', ...key, qualitySignature: 'q', selfBleuSignature: 's' },
    rollouts: {
      edt: {
        spec: 'edt|t0:1 × 5',
        quality: 1,
        selfBleu: 2,
        samples: [sample],
        scores: { quality: [1, 2], selfBleu: [1, 2] },
      },
    },
  },
  { kind: 'timing', job: 'abc', costs: { edt: { tokensPerSecond: 1, peakMemoryBytes: 2, peakCacheBytes: 3 } } },
]
const settings = {
  format: 3,
  model: { id: 'm' },
  grid: { t0: [1], theta: [0] },
  samples: 5,
  seed: 0,
  truncation: { topP: 0.95 },
}

const journal: Target<{ settings: Buffer; lines: string[] }> = {
  name: 'journal',
  about: "settings.json and rollouts.jsonl of an ablation's journal",
  async open(folder) {
    const good = { settings: Buffer.from(JSON.stringify(settings)), lines: records.map((one) => JSON.stringify(one)) }
    const line = fc.oneof(
      { arbitrary: edited(records).map((one) => JSON.stringify(one) ?? 'null'), weight: 4 },
      { arbitrary: fc.constantFrom(...good.lines), weight: 3 },
      { arbitrary: fc.constantFrom(...brokenJson), weight: 1 },
    )
    return {
      inputs: fc.oneof(
        { arbitrary: fc.record({ settings: jsonFile([settings]), lines: fc.constant(good.lines) }), weight: 1 },
        {
          arbitrary: fc.record({ settings: fc.constant(good.settings), lines: fc.array(line, { maxLength: 4 }) }),
          weight: 3,
        },
      ),
      corpus: [good, ...brokenJson.map((broken) => ({ ...good, settings: Buffer.from(broken) }))],
      async attempt({ settings: bytes, lines }) {
        await mkdir(folder, { recursive: true })
        await writeFile(join(folder, 'settings.json'), bytes)
        await writeFile(join(folder, 'rollouts.jsonl'), `${lines.join('\n')}\n`)
        const opened = await Journal.open(folder, settings)
        try {
          opened.hasRollout('tuning', key.prompt, key.job, 'edt', 'x')
          opened.isSkipped(key.prompt)
          for await (const _ of opened.records());
        } finally {
          await opened.close()
        }
      },
    }
  },
}

const fit = {
  settings: {},
  predictions: { trainPrompts: 5, bestFixed: { t0: 1, theta: 0 }, cells: [{ t0: 1, theta: 1 }], backend: 'wasm' },
}
const studies = {
  formatVersion: 1,
  settings: {},
  studies: [{ id: 'grid', title: 'T', rows: [] }],
  leftOut: [{ id: 'a', reason: 'b' }],
}

/** What is damaged there is made again, so that anything may be read as nothing. */
const studyFiles: Target<Buffer> = {
  name: 'study-files',
  about: 'studies.json and the stored fits of studies',
  async open(folder) {
    const fits = new FitJournal(folder)
    return {
      inputs: jsonFile([fit, studies]),
      corpus: brokenJson.map((broken) => Buffer.from(broken)),
      async attempt(bytes) {
        await writeFile(join(folder, 'studies.json'), bytes)
        await writeFile(join(folder, 'key.json'), bytes)
        await readStudies(folder)
        await fits.read('key')
      },
    }
  },
}

export const journalTargets = [journal, studyFiles] as Target<never>[]
