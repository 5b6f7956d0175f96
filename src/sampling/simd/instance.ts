import { KERNEL_BASE64 } from './binary.js'

/** The functions of assembly/kernel.ts, where they are documented. Addresses are in bytes. */
export interface KernelExports {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  resultsAddress(): number
  heapAddress(): number
  highest(logits: number, count: number): number
  firstIndexOf(logits: number, value: number): number
  entropySums(logits: number, count: number, argmax: number): void
  deviation(logits: number, count: number): number
  weigh(
    logits: number,
    count: number,
    max: number,
    lowest: number,
    scale: number,
    ignorable: number,
    ids: number,
    kept: number,
    weights: number,
  ): number
  measureAbove(
    logits: number,
    weights: number,
    count: number,
    stride: number,
    high: number,
    middle: number,
    low: number,
  ): void
  copyBetween(
    logits: number,
    weights: number,
    count: number,
    low: number,
    high: number,
    intoLogits: number,
    intoWeights: number,
  ): number
  pick(
    logits: number,
    weights: number,
    count: number,
    cutoff: number,
    minWeight: number,
    uniform: number,
    sums: number,
  ): number
  dropTies(logits: number, weights: number, count: number, cutoff: number, ties: number): void
}

/** What is used of the global WebAssembly, whose types come with the DOM library only; undefined where it is missing. */
interface WebAssemblyApi {
  validate(binary: Uint8Array): boolean
  Module: new (binary: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: unknown }
}
const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyApi }

const binary = Uint8Array.from(atob(KERNEL_BASE64), (character) => character.charCodeAt(0))

/** False where WebAssembly or its SIMD instructions are missing: then the binary does not validate. */
export const simdAvailable = WebAssembly?.validate(binary) === true

/** A fresh instance with its own memory. */
export function instantiateKernel(): KernelExports {
  const api = WebAssembly!
  return new api.Instance(new api.Module(binary), {}).exports as KernelExports
}
