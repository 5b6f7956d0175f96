import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { EdtError } from '../../src/errors.js'
import { ContextOverflowError } from '../../src/lm/index.js'
import type { RolloutJob } from '../types.js'
import { RolloutError } from './errors.js'
import { runRollouts } from './rollouts.js'
import { openRunner, runJobs } from './runner.js'
import { exampleJob } from './testing/jobs.js'
import { markovModel } from './testing/markov-model.js'
import type { RolloutRunner } from './types.js'

const workerEntry = new URL('./testing/markov-worker.ts', import.meta.url)
const options = { model: 'markov', workers: 1, workerEntry }

let folder: string
/** For tests that leave it whole: starting a process takes most of a second. */
let shared: RolloutRunner
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-pool-'))
  shared = openRunner({ ...options, workers: 2 })
})
afterAll(async () => {
  await shared.close()
  await rm(folder, { recursive: true, force: true })
})

function jobs(count: number): RolloutJob[] {
  return Array.from({ length: count }, (_, i) =>
    exampleJob({ promptId: `p${i}`, streamKeys: [`p${i}`], wantFeatures: true }),
  )
}

async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

const one = (changes: Partial<RolloutJob>) => collected(shared.outcomes([exampleJob(changes)]))
const ids = (outcomes: { promptId: string }[]) => outcomes.map(({ promptId }) => promptId).sort()
const childProcesses = () => process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length

describe('jobs in worker processes', () => {
  it('give what they give in this process, each once', async () => {
    const model = markovModel()
    const here = await Promise.all(jobs(7).map((job) => runRollouts(model, job)))
    const there = await collected(shared.outcomes(jobs(7)))
    there.sort((a, b) => (a.promptId < b.promptId ? -1 : 1))
    expect(there.map(({ result }) => result)).toEqual(here)
  })

  it('are taken from the source only as workers become free and results are taken', async () => {
    let taken = 0
    let done = 0
    let most = 0
    async function* source() {
      for (const job of jobs(12)) {
        taken++
        most = Math.max(most, taken - done)
        yield job
      }
    }
    for await (const _ of shared.outcomes(source())) {
      done++
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect(done).toBe(12)
    expect(most).toBeLessThanOrEqual(5) // two a worker, and the one that the consumer holds
  })

  it('are tried once more when their worker dies', async () => {
    const prompt = `DIE-ONCE:${join(folder, 'once')} the cat`
    const all = jobs(4).map((job, i) => (i === 1 ? { ...job, prompt } : job))
    expect(ids(await collected(shared.outcomes(all)))).toEqual(['p0', 'p1', 'p2', 'p3'])
    expect(existsSync(join(folder, 'once'))).toBe(true)
  })

  it('are tried once more when their worker runs out of memory, by a fresh one', async () => {
    const file = join(folder, 'memory')
    const all = jobs(4).map((job, i) => (i === 1 ? { ...job, prompt: `NO-MEMORY-ONCE:${file} the cat` } : job))
    expect(ids(await collected(shared.outcomes(all)))).toEqual(['p0', 'p1', 'p2', 'p3'])
    expect(existsSync(file)).toBe(true)
    await expect(one({ promptId: 'answer/train/9', prompt: 'NO-MEMORY: now' })).rejects.toThrow(
      /^prompt answer\/train\/9: two processes in turn failed on it; not enough memory \(.*bad_alloc\); free some/,
    )
  })

  it('end with an error that names the prompt when the second worker dies, too', async () => {
    const error = await one({ promptId: 'answer/train/9', prompt: 'DIE: now' }).catch((error) => error)
    expect(error).toBeInstanceOf(RolloutError)
    expect(error.message).toBe(
      'prompt answer/train/9: two processes in turn failed on it; a worker process ended unexpectedly (signal SIGKILL); ' +
        'if memory is short, use fewer workers. Its last words: out of cheese',
    )
  })

  it('bring errors home with their message; those made for users stay so', async () => {
    const refused = await one({ prompt: 'REFUSE: me' }).catch((error) => error)
    expect(refused).toBeInstanceOf(EdtError)
    expect(refused.message).toBe('prompt answer/train/1: the prompt is not to the taste of this model.')
    expect(refused.name).toBe('RolloutError')
    const bug = await one({ prompt: 'BUG: here' }).catch((error) => error)
    expect(bug).not.toBeInstanceOf(EdtError)
    expect(bug.message).toBe('x is undefined')
    expect(bug.stack).toContain('markov-worker')
  })

  it('fail at once when the model cannot be loaded, or kills its process', async () => {
    const missing = collected(runJobs(jobs(2), { ...options, model: 'missing' }))
    await expect(missing).rejects.toThrow('missing: there is no such model.')
    const deadly = collected(runJobs(jobs(2), { ...options, model: 'deadly' }))
    await expect(deadly).rejects.toThrow(/^a worker process ended unexpectedly \(signal SIGKILL\).*out of cheese$/)
  })

  it('skip a prompt that does not fit where the caller wants to be told, and fail on it otherwise', async () => {
    const long = exampleJob({ promptId: 'long', prompt: Array(60).fill('cat').join(' ') })
    const overflows: unknown[] = []
    const onOverflow = (...told: unknown[]) => overflows.push(told)
    expect(ids(await collected(runJobs([...jobs(2), long], { ...options, onOverflow })))).toEqual(['p0', 'p1'])
    expect(overflows).toEqual([['long', { promptTokens: 60, maxNewTokens: 8, contextLength: 64 }]])
    await expect(collected(runJobs([long], options))).rejects.toThrow(ContextOverflowError)
  })

  it('refuse a number of workers that is none', () => {
    expect(() => openRunner({ model: 'markov', workers: -1 })).toThrow('workers must be a whole number ≥ 0, but is -1.')
    expect(() => openRunner({ model: 'markov', workers: 1.5 })).toThrow(EdtError)
  })

  it('end with the reason of the signal, and leave no process behind', async () => {
    // Node frees the handle of an ended process a moment after its end.
    const allGone = () => vi.waitFor(() => expect(childProcesses()).toBe(0), 10_000)
    await shared.close()
    await allGone()
    const controller = new AbortController()
    let seen = 0
    const run = async () => {
      for await (const _ of runJobs(jobs(200), { ...options, workers: 2, signal: controller.signal })) {
        expect(childProcesses()).toBeGreaterThan(0)
        if (++seen === 3) controller.abort(new Error('Ctrl-C'))
      }
    }
    await expect(run()).rejects.toThrow('Ctrl-C')
    expect(seen).toBeLessThan(20)
    await allGone()
  })
})
