import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../package-root.js'
import { type BackendLoader, type BackendName, backendNames, selectBackend } from './backend.js'
import { BackendUnavailableError } from './errors.js'

const broken =
  (reason: string): BackendLoader =>
  () =>
    Promise.reject(new Error(`${reason}\nand a stack of advice`))

const { tf: cpu } = await selectBackend('cpu')
const working: BackendLoader = async () => {
  await cpu.setBackend('cpu')
  return cpu
}

describe('selectBackend', () => {
  it('tries gpu, node, wasm and cpu in this order and keeps why the earlier ones do not work', async () => {
    const loaders = { gpu: broken('no CUDA'), node: broken('no addon.'), wasm: broken('no SIMD'), cpu: working }
    const { name, skipped } = await selectBackend('auto', loaders)
    expect(name).toBe('cpu')
    expect(skipped).toEqual([
      { name: 'gpu', reason: 'no CUDA' },
      { name: 'node', reason: 'no addon' },
      { name: 'wasm', reason: 'no SIMD' },
    ])
  })

  it.each(backendNames)('takes %s when all before it fail', async (wanted) => {
    const before = backendNames.slice(0, backendNames.indexOf(wanted))
    const loaders = Object.fromEntries(
      backendNames.map((name) => [name, before.includes(name) ? broken('missing') : working]),
    ) as Record<BackendName, BackendLoader>
    expect((await selectBackend('auto', loaders)).name).toBe(wanted)
  })

  it('skips a backend that loads but computes a wrong gradient', async () => {
    const liar: BackendLoader = async () => {
      await cpu.setBackend('cpu')
      return { ...cpu, grad: () => () => cpu.tensor2d([1, 3], [2, 1]) } as unknown as typeof cpu
    }
    const loaders = { gpu: broken('no CUDA'), node: broken('no addon'), wasm: liar, cpu: working }
    const { name, skipped } = await selectBackend('auto', loaders)
    expect(name).toBe('cpu')
    expect(skipped[2].reason).toContain('[1, 3]')
  })

  it.each(['gpu', 'node'] as const)('forced to %s, uses it or says why not and how to install it', async (name) => {
    const outcome = await selectBackend(name).catch((error: unknown) => error)
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(BackendUnavailableError)
      expect(outcome.message).toMatch(
        /^The TensorFlow\.js backend "(gpu|node)" does not work here: .+\. Install it with `npm install/,
      )
    } else expect(outcome).toMatchObject({ name })
  })

  it('names the backends when asked for an unknown one', async () => {
    await expect(selectBackend('cuda' as BackendName)).rejects.toThrow(/auto, gpu, node, wasm, cpu/)
  })

  it('runs WebAssembly without the handlers that Emscripten puts on the whole process', async () => {
    const before = process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')
    const { tf, name } = await selectBackend('wasm')
    expect([name, tf.getBackend()]).toEqual(['wasm', 'wasm'])
    expect(process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')).toBe(before)
  })

  it('prints nothing, and importing the tuner loads no TensorFlow.js', () => {
    const code = `
      const { selectBackend } = await import('./src/tuner/index.ts')
      const { createRequire } = await import('node:module')
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('tfjs'))
      if (loaded()) throw new Error('TensorFlow.js was loaded by an import')
      const { tf } = await selectBackend('auto')
      await selectBackend('cpu')
      tf.tensor1d([1, 2]).square().dataSync()
      if (!loaded()) throw new Error('this test looks in the wrong place')
    `
    const args = ['--import', 'tsx', '--input-type=module', '--eval', code]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: packageRoot(), encoding: 'utf8' })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})
