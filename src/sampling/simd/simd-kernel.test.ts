import { afterEach, describe, expect, it, vi } from 'vitest'
import { compileKernel } from '../../../scripts/build-kernel.js'
import { randomStream } from '../random.js'
import { edt } from '../rules/edt.js'
import { fixed } from '../rules/fixed.js'
import { createSampler } from '../sampler.js'
import { expectAgreement } from '../testing/agreement.js'
import { modelLikeLogits } from '../testing/logits.js'
import { KERNEL_BASE64 } from './binary.js'
import { simdAvailable } from './instance.js'

describe.skipIf(!simdAvailable)('simd kernel', () => {
  it.each([
    [8192, 200],
    [49_152, 60],
    [151_936, 20],
  ])('draws the tokens of the plain kernel at a vocabulary of %i', (size, draws) => {
    const random = randomStream(5, 'uniforms')
    for (const [seed, spread, peak] of [
      [1, 2, 18],
      [2, 1, 0],
      [3, 3, 4],
    ]) {
      const logits = modelLikeLogits(size, seed, { spread, peak })
      const rule = edt({ t0: 1.3, theta: 0.5 })
      const simd = createSampler({ rule, kernel: 'simd' })
      const plain = createSampler({ rule, kernel: 'plain' })
      let same = 0
      for (let i = 0; i < draws; i++) {
        const uniform = random.next()
        const fast = simd.sample(logits, uniform)
        const slow = plain.sample(logits, uniform)
        expect(Math.abs(fast.entropy / slow.entropy - 1)).toBeLessThan(1e-6)
        expect(Math.abs(fast.nucleusSize / slow.nucleusSize - 1)).toBeLessThan(1e-4)
        if (fast.token === slow.token) same++
        else expectAgreement(fast, 'simd', rule, {}, logits, uniform)
      }
      expect(same / draws).toBeGreaterThan(0.98)
    }
  })

  it('keeps its relative precision for an almost certain row', () => {
    const logits = new Float32Array(1000).fill(-50)
    logits[3] = 0
    const { entropy } = createSampler({ rule: fixed({ temperature: 1 }), kernel: 'simd' }).sample(logits, 0.5)
    expect(entropy / (999 * 51 * Math.exp(-50))).toBeCloseTo(1, 5)
  })

  it.each([15, 16, 17, 255, 256, 257, 4095, 4096, 4097, 5000])('has no seams at a vocabulary of %i', (size) => {
    const rule = fixed({ temperature: 1.1 })
    for (const truncation of [
      { topP: 0.9 },
      { topK: Math.ceil(size / 2), topP: 1 },
      { topP: 1 },
      { topK: 7, minP: 0.1 },
    ]) {
      const sampler = createSampler({ rule, truncation, kernel: 'simd' })
      const logits = modelLikeLogits(size, 6, { spread: 1, peak: 1 })
      for (const uniform of [0, 0.5, 0.99]) {
        expectAgreement(sampler.sample(logits, uniform), 'simd', rule, truncation, logits, uniform)
      }
    }
  })

  // The optimising compiler needs seconds of processor time, which a busy machine stretches to minutes.
  it('was compiled from the source that stands beside it', { timeout: 300_000 }, async () => {
    expect(KERNEL_BASE64, 'run `npm run build:kernel`').toBe(Buffer.from(await compileKernel()).toString('base64'))
  })
})

describe('where SIMD is missing', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  it.each([
    ['there is no WebAssembly', undefined],
    ['WebAssembly knows no SIMD', { validate: () => false }],
  ])('the plain kernel is used: %s', async (_, api) => {
    vi.resetModules()
    vi.stubGlobal('WebAssembly', api)
    const { availableKernels } = await import('../kernels.js')
    const fresh = await import('../sampler.js')
    expect(availableKernels).toEqual(['plain'])
    const logits = modelLikeLogits(300, 1)
    const options = { rule: fixed({ temperature: 1 }) }
    expect(fresh.createSampler(options).sample(logits, 0.4)).toEqual(
      createSampler({ ...options, kernel: 'plain' }).sample(logits, 0.4),
    )
    expect(() => fresh.createSampler({ ...options, kernel: 'simd' })).toThrow(
      'kernel must be one of plain on this machine, but is "simd".',
    )
  })
})
