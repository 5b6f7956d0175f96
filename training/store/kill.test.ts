import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openStore } from './open.js'
import { temporaryPaths } from './testing/paths.js'
import { exampleResult } from './testing/run.js'

const writer = fileURLToPath(new URL('./testing/writer.ts', import.meta.url))
const path = temporaryPaths()

it('a store whose writer is killed while it writes holds whole prompts, and all that were there before', async () => {
  const file = await path('store.duckdb')
  let before = 0
  for (let kill = 0; kill < 4; kill++) {
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), writer, file, '5000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data') // The first prompt of this process is in the store.
    await sleep(250 * Math.random())
    child.kill('SIGKILL')
    await once(child, 'exit')

    const store = await openStore(file, { readOnly: true })
    const { surfaces } = await store.surfaces()
    const { samples } = await store.summary()
    expect(store.finishedPrompts().size).toBeGreaterThan(before)
    expect(surfaces).toHaveLength(store.finishedPrompts().size)
    expect(samples).toBe(surfaces.length * 8)
    for (const { promptId, quality } of surfaces) {
      expect(quality).toEqual(Float32Array.from(exampleResult(promptId).rollouts, (rollout) => rollout.quality))
    }
    before = surfaces.length
    await store.close()
  }
})
