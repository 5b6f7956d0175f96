import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../src/sampling/index.js'
import { openTask } from '../../src/tasks/index.js'
import { openStore, storeDigest } from '../store/index.js'
import { collect } from './collect.js'
import { testRun } from './testing/run.js'

const KILLS = 5
const PROMPTS = 60
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const main = fileURLToPath(new URL('./testing/collect-main.ts', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-kill-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function collector(storePath: string, workers: number): ChildProcess {
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit']
  return spawn(process.execPath, ['--import', tsx, main, storePath, `${workers}`], { stdio })
}

/** Waits until the collector has put this many more prompts into the store, or has ended. */
async function progress(child: ChildProcess, prompts: number): Promise<void> {
  let lines = -1 // The first line comes before the first prompt.
  // Left open: a collector whose output nobody takes ends by itself, before it can be killed.
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    lines += chunk.toString().split('\n').length - 1
    if (lines >= prompts) break
  }
  child.stdout!.resume()
}

/** Process ids of the workers of a collector; none where the system has no /proc. */
function workersOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : []
}

async function gone(pid: number): Promise<boolean> {
  for (let wait = 0; wait < 100; wait++) {
    try {
      process.kill(pid, 0)
    } catch {
      return true
    }
    await sleep(50)
  }
  return false
}

async function contents(storePath: string) {
  const store = await openStore(storePath, { readOnly: true })
  try {
    const { samples } = await store.summary()
    return { digest: await storeDigest(store), finished: store.finishedPrompts().size, samples }
  } finally {
    await store.close()
  }
}

describe('a collector that is killed', () => {
  it(`goes on after each of ${KILLS} kill -9 at random moments, and ends with the store of an undisturbed run`, async () => {
    const random = randomStream(Date.now())
    const storePath = join(folder, 'killed', 'store.duckdb')
    let before = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const child = collector(storePath, 1)
      const exited = once(child, 'exit')
      // Now before the first prompt, now after it; then anywhere between two prompts, which are some 100 ms apart.
      await progress(child, Math.floor(2 * random.next()))
      await sleep(100 * random.next())
      const workers = workersOf(child.pid!)
      child.kill('SIGKILL')
      expect((await exited)[1]).toBe('SIGKILL')
      for (const worker of workers) expect(await gone(worker), `worker ${worker} outlived its parent`).toBe(true)
      const { finished, samples } = await contents(storePath)
      expect(finished).toBeGreaterThanOrEqual(before)
      expect(samples, 'whole prompts only').toBe(finished * 4 * 2)
      before = finished
    }
    expect(before, 'the kills left something to do').toBeLessThan(PROMPTS)
    const last = collector(storePath, 2)
    expect((await once(last, 'exit'))[0]).toBe(0)

    const undisturbed = await collect({
      ...testRun,
      tasks: await Promise.all(testRun.tasks.map((name) => openTask(name))),
      storePath: join(folder, 'undisturbed', 'store.duckdb'),
      workers: 0,
    })
    expect(undisturbed.finished).toBe(PROMPTS)
    expect(await contents(storePath)).toEqual(await contents(undisturbed.storePath))
    expect(await readdir(dirname(storePath))).toEqual(['store.duckdb'])
  }, 600_000)
})
