import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { BenchOptions, Figure } from '../types.js'

/** What the process that collects tells: resident bytes after each prompt. */
export interface MemoryReport {
  resident: number[]
}

const GIGABYTE = 1e9

/** Grids to collect on: what `edt collect` does, and one that gets through many prompts in the time. */
const GRIDS = { default: 'default grid (35 cells × 5 samples)', small: '2 × 2 cells × 2 samples' }
export type MemoryGrid = keyof typeof GRIDS

/** Issue 5, item 5: resident memory of collecting on the embedded model, model and store in one process. */
export async function memoryFigures({ memoryPrompts, smallPrompts, say }: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [grid, prompts] of [
    ['default', memoryPrompts],
    ['small', smallPrompts],
  ] as const) {
    const name = `memory, ${prompts.toLocaleString('en')} prompts, ${grid} grid`
    say(name)
    const { resident } = await collectInChild(prompts, grid)
    const peak = Math.max(...resident)
    const quarter = Math.floor(resident.length / 4)
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    const growth = mean(resident.slice(-quarter)) / mean(resident.slice(quarter, 2 * quarter))
    figures.push(
      {
        name: `${name}: peak`,
        value: peak / GIGABYTE,
        unit: 'GB resident',
        target: { text: '< 1.5 GB', met: peak < 1.5 * GIGABYTE },
        notes: [`embedded model, ${GRIDS[grid]}, model and store in one process`],
      },
      {
        name: `${name}: last quarter to second`,
        value: growth,
        unit: '×',
        target: { text: '≤ 1.1 ×', met: growth <= 1.1 },
        notes: ['the first quarter is left out: buffers and compiled code are still coming'],
      },
    )
  }
  return figures
}

function collectInChild(prompts: number, grid: MemoryGrid): Promise<MemoryReport> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('../collect-memory.ts', import.meta.url)), [String(prompts), grid], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let report: MemoryReport | undefined
    child.on('message', (message) => {
      report = message as MemoryReport
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (report !== undefined) resolve(report)
      else reject(new Error(`the process that collects ended with exit code ${code} before it reported`))
    })
  })
}
