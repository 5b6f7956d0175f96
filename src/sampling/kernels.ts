import { InvalidOptionError } from '../errors.js'
import type { KernelName, RowKernel } from './kernel.js'
import { createPlainKernel } from './plain/plain-kernel.js'
import { simdAvailable } from './simd/instance.js'
import { createSimdKernel } from './simd/simd-kernel.js'

/** The kernels that this machine can run, fastest first. */
export const availableKernels: readonly KernelName[] = simdAvailable ? ['simd', 'plain'] : ['plain']

const shared = new Map<KernelName, RowKernel>()

/**
 * One kernel for all samplers of this thread: sampling is synchronous, and its scratch memory is large.
 *
 * @throws {InvalidOptionError} when this machine does not have the kernel
 */
export function sharedKernel(name: KernelName = availableKernels[0]): RowKernel {
  if (!availableKernels.includes(name)) {
    throw new InvalidOptionError('kernel', `one of ${availableKernels.join(', ')} on this machine`, name)
  }
  const kernel = shared.get(name) ?? (name === 'simd' ? createSimdKernel() : createPlainKernel())
  shared.set(name, kernel)
  return kernel
}
