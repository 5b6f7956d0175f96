import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RandomStream } from '../../src/sampling/index.js'
import { writeSmallCheckpoint } from '../../src/tuner/testing/checkpoint.js'
import { runPaths } from '../../training/run/index.js'
import { damageFile } from '../harness/damage.js'
import { expect } from '../harness/expect.js'
import { Reader, type ReadRequest, type ReadResult } from '../harness/reader.js'
import { collector, runFolders } from '../harness/reference.js'
import { type Bench, type Fault, UnexpectedError } from '../harness/types.js'

/** 200 places with the usual 50 rounds. */
const PLACES_A_ROUND = 4

/** The store of a finished run, and that of a killed one with its log beside it, which holds the last prompts. */
export const damagedStore: Fault = {
  name: 'damaged-store',
  about: 'a store, or the log of a killed run, cut off or with wrong bytes at a random place',
  perRound: PLACES_A_ROUND,
  async open(bench) {
    const whole = runPaths(bench.reference.root).store
    const killed = await storeWithLog(bench)
    return session(
      bench,
      'store',
      async (folder, random) => {
        const withLog = random.next() < 0.5
        const path = join(folder, 'store.duckdb')
        await cp(withLog ? killed : whole, path)
        if (!withLog) return { path, damaged: path, what: 'store' }
        await cp(`${killed}.wal`, `${path}.wal`)
        return random.next() < 0.5
          ? { path, damaged: path, what: 'store of a killed run' }
          : { path, damaged: `${path}.wal`, what: 'log' }
      },
      whole,
    )
  },
}

export const damagedCheckpoint: Fault = {
  name: 'damaged-checkpoint',
  about: 'a file of a checkpoint cut off or with wrong bytes at a random place',
  perRound: PLACES_A_ROUND,
  async open(bench) {
    const whole = join(bench.folder, 'whole')
    await writeSmallCheckpoint(whole)
    return session(
      bench,
      'checkpoint',
      async (folder, random) => {
        const path = join(folder, 'checkpoint')
        await cp(whole, path, { recursive: true })
        const names = (await readdir(path)).sort()
        const name = names[Math.floor(names.length * random.next())]
        return { path, damaged: join(path, name), what: name }
      },
      whole,
    )
  },
}

/** A copy that is about to be damaged. */
interface Copy {
  /** What is read. */
  path: string
  damaged: string
  /** What the damaged file is, in words. */
  what: string
}

/** Each place: a fresh copy, one damage, one reading; contents must be those of the undamaged file, or refused. */
async function session(
  { folder, random }: Bench,
  kind: ReadRequest['kind'],
  copy: (folder: string, random: RandomStream) => Promise<Copy>,
  whole: string,
) {
  const reader = new Reader()
  const undamaged = await reader.read({ kind, path: whole })
  if (undamaged.refused !== undefined) throw new UnexpectedError(`the undamaged file is refused: ${undamaged.message}`)
  return {
    async round(index: number): Promise<string[]> {
      const outcomes: string[] = []
      for (let place = 0; place < PLACES_A_ROUND; place++) {
        const own = join(folder, `${index}-${place}`)
        await mkdir(own)
        const { path, damaged, what } = await copy(own, random)
        const done = await damageFile(damaged, random)
        const found = await reader.read({ kind, path })
        outcomes.push(`${what}: ${judge(found, undamaged, what, `${damaged}, ${done}`)}`)
        await rm(own, { recursive: true })
      }
      return outcomes
    },
    close: async () => reader.close(),
  }
}

function judge(found: ReadResult, undamaged: ReadResult, what: string, where: string): string {
  if (found.refused !== undefined) {
    const clear = found.exitCode === 2 && found.refused !== 'not on purpose'
    expect(clear, `${where}: exit code ${found.exitCode}, ${found.refused}: ${found.message}`)
    return 'refused with a message'
  }
  if (undamaged.refused !== undefined) throw new UnexpectedError('the undamaged file is refused')
  if (found.digest === undamaged.digest) return 'read rightly'
  // The run was not finished; its prompts must be those of the finished one.
  const ofKilledRun = what !== 'store' && Object.keys(undamaged.prompts).length > 0
  const wrong = Object.entries(found.prompts).find(([prompt, hash]) => undamaged.prompts[prompt] !== hash)
  expect(ofKilledRun && wrong === undefined, `${where}: read without a word, but wrong${wrong ? ` (${wrong[0]})` : ''}`)
  return 'whole prompts read rightly'
}

/** @returns the store of a run that was killed between two prompts: the last of them are in the log beside it */
async function storeWithLog({ folder, reference }: Bench): Promise<string> {
  const next = runFolders(folder)
  for (let attempt = 0; attempt < 20; attempt++) {
    const root = next()
    const command = collector(root)
    await command.until('samples/s')
    await command.for(0.1 * reference.duration)
    command.signal('SIGKILL')
    await command.end()
    const { store } = runPaths(root)
    const log = `${store}.wal`
    if (existsSync(log) && (await stat(log)).size > 0) return store
  }
  throw new UnexpectedError('no killed run left a log behind its store')
}
