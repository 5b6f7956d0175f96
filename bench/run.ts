import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { readFlags, whole } from '../scripts/flags.js'
import { duration, significant, table } from '../src/cli/format.js'
import { packageRoot } from '../src/package-root.js'
import { autoConfigurationFigures } from './figures/auto-configuration.js'
import { drawFigures } from './figures/draw.js'
import { fitFigures } from './figures/fit.js'
import { memoryFigures } from './figures/memory.js'
import { metricFigures } from './figures/metrics.js'
import { queueFigures } from './figures/queue.js'
import { rolloutFigures } from './figures/rollouts.js'
import type { BenchGroup, Figure } from './types.js'

const GROUPS: Record<string, BenchGroup> = {
  draw: drawFigures,
  rollouts: rolloutFigures,
  'auto-configuration': autoConfigurationFigures,
  fit: fitFigures,
  memory: memoryFigures,
  metrics: metricFigures,
  queue: queueFigures,
}

const USAGE = `npm run bench -- [--quick] [--only GROUP …] [--threads N] [--memory-prompts N] [--small-prompts N]

  --quick             small sizes, few repetitions: to see that everything runs
  --only GROUP        ${Object.keys(GROUPS).join(', ')}; may repeat
  --threads N         threads inside one step of a model, on both sides (default 1)
  --memory-prompts N  prompts for the memory figure with the default grid (default 60)
  --small-prompts N   prompts for the memory figure with few samples (default 1000; 10000, as the target says, take about half an hour)

  npm run bench -- --quick
  npm run bench -- --only rollouts --threads 2`

const flags = readFlags(
  USAGE,
  {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: Object.keys(GROUPS) },
    threads: { type: 'string', default: '1' },
    'memory-prompts': { type: 'string' },
    'small-prompts': { type: 'string' },
  },
  z.object({
    quick: z.boolean(),
    only: z.array(z.enum(Object.keys(GROUPS))),
    threads: whole(1),
    'memory-prompts': whole(1).optional(),
    'small-prompts': whole(1).optional(),
  }),
)

const started = performance.now()
const options = {
  quick: flags.quick,
  threads: flags.threads,
  memoryPrompts: flags['memory-prompts'] ?? (flags.quick ? 16 : 60),
  smallPrompts: flags['small-prompts'] ?? (flags.quick ? 100 : 1000),
  say: (text: string) => console.error(`… ${text}`),
}
const conditions = {
  date: new Date().toISOString(),
  quick: flags.quick,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 1e9),
  threads: options.threads,
  loadAtStart: loadavg()[0],
  versions: await versions(),
}
const folder = join(packageRoot(), 'bench', 'results')
await mkdir(folder, { recursive: true })
const file = join(folder, `${conditions.date.slice(0, 19).replaceAll(':', '-')}.json`)
const groups: { group: string; figures: Figure[]; skipped?: string }[] = []
for (const group of flags.only) {
  const figures = await GROUPS[group](options)
  groups.push(typeof figures === 'string' ? { group, figures: [], skipped: figures } : { group, figures })
  // After each group, so that what was measured stays when the rest is interrupted.
  await writeFile(file, `${JSON.stringify({ conditions, loadAtEnd: loadavg()[0], groups }, null, 2)}\n`)
}

console.log(render())
console.log(
  `\nWritten to bench/results/${file.slice(folder.length + 1)} after ${duration((performance.now() - started) / 1000)}`,
)

function render(): string {
  const { processor, cores, memoryGigabytes, threads, loadAtStart, date } = conditions
  const rows = groups
    .flatMap(({ figures }) => figures)
    .map((figure) => [
      figure.name,
      figure.target?.text ?? '',
      `${significant(figure.value, 3)} ${figure.unit}`,
      figure.baseline === undefined ? '' : significant(figure.baseline.value, 3),
      figure.ratio === undefined ? '' : `${significant(figure.ratio, 3)} ×`,
      figure.target === undefined ? '' : figure.target.met ? 'met' : 'MISSED',
    ])
  const notes = groups
    .flatMap(({ figures }) => figures)
    .flatMap(({ name, baseline, notes = [] }) => [
      ...(baseline === undefined ? [] : [`${name}: compared with ${baseline.name}`]),
      ...notes.map((note) => `${name}: ${note}`),
    ])
  return [
    '',
    table(['what', 'target', 'measured', 'compared', 'ratio', ''], rows, ['left', 'left', 'right', 'right', 'right']),
    '',
    ...notes,
    ...groups.flatMap(({ group, skipped }) => (skipped === undefined ? [] : [`${group}: left out. ${skipped}`])),
    '',
    `${date.slice(0, 10)}, ${processor}, ${cores} cores, ${memoryGigabytes} GB, ${threads} thread${threads === 1 ? '' : 's'} in a model; load ${loadAtStart.toFixed(1)} at the start, ${loadavg()[0].toFixed(1)} at the end`,
    Object.entries(conditions.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ].join('\n')
}

async function versions(): Promise<Record<string, string>> {
  const version = async (file: string): Promise<string> => JSON.parse(await readFile(file, 'utf8')).version
  const ofPackage = (name: string) => version(join(packageRoot(), 'node_modules', name, 'package.json'))
  return {
    node: process.versions.node,
    'edt-tuner': await version(join(packageRoot(), 'package.json')),
    '@huggingface/transformers': await ofPackage('@huggingface/transformers'),
    'onnxruntime-node': await ofPackage('onnxruntime-node'),
    '@tensorflow/tfjs': await ofPackage('@tensorflow/tfjs'),
  }
}
