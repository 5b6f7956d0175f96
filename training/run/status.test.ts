import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RunBusyError } from './errors.js'
import { inRun, runPaths } from './folder.js'
import { inspect, type RunInspection } from './inspect.js'
import { type RunStatus, readStatus } from './status.js'

let root: string
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'edt-status-')), 'run one')
})
afterEach(() => rm(join(root, '..'), { recursive: true }))

const status = () => readStatus(runPaths(root).status)
const inspected = async () => (await inspect(root)) as RunInspection

/** Puts another process into the status of a run that is at work, and its events as they are then. */
async function handOver(process: { pid: number; startTicks?: string }): Promise<void> {
  await inRun(root, 'collect', {}, async (run) => {
    run.progress({ step: 'collect', done: 3, total: 9 })
  })
  const { events, status: file } = runPaths(root)
  await writeFile(file, JSON.stringify({ ...(await status()), startTicks: undefined, state: 'running', ...process }))
  await writeFile(events, (await readFile(events, 'utf8')).split('\n')[0])
}

describe('the status of a run', () => {
  it('says running while a command works, and afterwards how it ended', async () => {
    const states: (RunStatus | undefined)[] = []
    await inRun(root, 'fit', {}, async () => void states.push(await status()))
    states.push(await status())
    const fails = async () => {
      throw new Error('no luck')
    }
    await expect(inRun(root, 'fit', {}, fails)).rejects.toThrow('no luck')
    states.push(await status())
    const stops = async () => AbortSignal.abort().throwIfAborted()
    await expect(inRun(root, 'fit', {}, stops)).rejects.toThrow()
    states.push(await status())
    expect(states.map((found) => found?.state)).toEqual(['running', 'finished', 'failed', 'interrupted'])
    expect(states[2]).toMatchObject({ message: 'no luck', pid: process.pid, command: 'fit' })
  })

  it('of a process that is gone reads as killed, with the command that goes on', async () => {
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
    await once(gone, 'exit')
    await handOver({ pid: gone.pid! })
    const { status: found, next } = await inspected()
    expect(found).toMatchObject({ process: 'dead', progress: { done: 3, total: 9 } })
    expect(next).toBe(`edt collect --out '${root}'`)
    expect(await inRun(root, 'collect', {}, async () => 'went on')).toBe('went on')
  })

  it('of a process that works keeps others out', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' })
    try {
      await handOver({ pid: other.pid! })
      const { status: found, next } = await inspected()
      expect([found?.process, next]).toEqual(['alive', undefined])
      const refused = inRun(root, 'fit', {}, async () => 'went on')
      await expect(refused).rejects.toThrow(RunBusyError)
      await expect(refused).rejects.toThrow(`process ${other.pid} (edt collect) has been at work in this run since`)
      expect(await status()).toMatchObject({ state: 'running', pid: other.pid })
    } finally {
      other.kill('SIGKILL')
      await once(other, 'exit')
    }
  })

  it.runIf(process.platform === 'linux')('knows a process from a later one of the same number', async () => {
    await handOver({ pid: process.ppid, startTicks: '1' })
    expect((await inspected()).status?.process).toBe('dead')
  })
})

describe('the log of a run', () => {
  it('tells in lines with times what happened, and goes on behind a line that was cut off', async () => {
    await inRun(root, 'collect', { samples: 5 }, (run) => run.event('collected', { finished: 7 }))
    const { log, events } = runPaths(root)
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}collected \{"finished":7\}$/)
    await writeFile(events, `${await readFile(events, 'utf8')}{"time":"20`)
    await inRun(root, 'collect', { samples: 5 }, async () => {})
    const told = (await inspected()).events.map(({ event, resumed = false }) => [event, resumed])
    expect(told).toEqual([
      ['start', false],
      ['collected', false],
      ['end', false],
      ['start', true],
      ['end', false],
    ])
  })
})
