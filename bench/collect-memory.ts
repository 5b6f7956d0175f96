import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTask, type Task } from '../src/tasks/index.js'
import { collect } from '../training/collect/index.js'
import type { MemoryGrid, MemoryReport } from './figures/memory.js'

// Entry of the process that figures/memory.ts measures: collects and reports its own resident memory after each prompt.
const prompts = Number(process.argv[2])
const small = process.argv[3] === ('small' satisfies MemoryGrid)
const folder = await mkdtemp(join(tmpdir(), 'edt-memory-'))
const resident: number[] = []
try {
  const task = await openTask('describe')
  await collect({
    model: 'debian-6m',
    workers: 0,
    tasks: [repeated(task, prompts)],
    limits: { train: prompts, validation: 0 },
    ...(small ? { grid: { t0: [0.5, 1.3], theta: [0, 1.5] }, samples: 2 } : {}),
    storePath: join(folder, 'store.duckdb'),
    onProgress: () => void resident.push(process.memoryUsage.rss()),
  })
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.send?.({ resident } satisfies MemoryReport)

/** The task's training prompts, over and over under new ids, for as many as are asked for. */
function repeated(task: Task, count: number): Task {
  return {
    ...task,
    examples: async (split) => {
      const examples = await task.examples(split)
      return Array.from({ length: count }, (_, i) => ({ ...examples[i % examples.length], id: String(i) }))
    },
  }
}
