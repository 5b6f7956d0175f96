import { createRequire } from 'node:module'
import path from 'node:path'
import { InvalidOptionError } from '../errors.js'
import { BackendUnavailableError } from './errors.js'

/** The TensorFlow.js namespace; a type only, so that importing this file loads nothing. */
export type TensorFlow = typeof import('@tensorflow/tfjs')

/** `gpu` and `node` are TensorFlow's native library, `wasm` is XNNPACK in WebAssembly with SIMD, `cpu` is plain JavaScript. */
export type BackendName = 'gpu' | 'node' | 'wasm' | 'cpu'

/** Fastest first: the order in which `auto` tries them. */
export const backendNames: readonly BackendName[] = ['gpu', 'node', 'wasm', 'cpu']

export interface Backend {
  tf: TensorFlow
  name: BackendName
  /** Backends that `auto` tried before this one, and why each does not work here. */
  skipped: readonly { name: BackendName; reason: string }[]
}

/** Loads one backend, makes it TensorFlow.js's current one and returns the namespace. Throws when it does not work. */
export type BackendLoader = () => Promise<TensorFlow>

const require = createRequire(import.meta.url)

const hints: Record<BackendName, string> = {
  gpu: 'Install it with `npm install @tensorflow/tfjs-node-gpu --ignore-scripts=false` (it downloads TensorFlow and needs CUDA), or leave the backend on auto.',
  node: 'Install it with `npm install @tensorflow/tfjs-node --ignore-scripts=false` (it downloads TensorFlow), or leave the backend on auto.',
  wasm: 'Install @tensorflow/tfjs-backend-wasm again, or leave the backend on auto.',
  cpu: 'Install @tensorflow/tfjs again.',
}

/** The native package that registered TensorFlow.js's backend `tensorflow`, once one did. */
let native: TensorFlow | undefined

const defaultLoaders: Record<BackendName, BackendLoader> = {
  gpu: async () => {
    const tf = await loadNative('@tensorflow/tfjs-node-gpu')
    if (!(tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice) {
      throw new Error('TensorFlow is installed, but it found no CUDA GPU')
    }
    return tf
  },
  node: () => loadNative('@tensorflow/tfjs-node'),
  wasm: async () => {
    const tf = await loadTfjs()
    const wasm = namespace(await import('@tensorflow/tfjs-backend-wasm'))
    wasm.setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep)
    await withoutProcessListeners(() => activate(tf, 'wasm'))
    return tf
  },
  cpu: async () => {
    const tf = await loadTfjs()
    await activate(tf, 'cpu')
    return tf
  },
}

/**
 * Picks the TensorFlow.js backend that training (and the reference forward pass) runs on. Each candidate is really tried: it is loaded and
 * must compute a small gradient correctly.
 *
 * @param preference `auto` takes the first that works of gpu → node → wasm → cpu and keeps why the earlier ones did not; a name forces it.
 * @throws {BackendUnavailableError} when a forced backend does not work, with the reason and how to install it
 */
export async function selectBackend(
  preference: BackendName | 'auto' = 'auto',
  loaders: Record<BackendName, BackendLoader> = defaultLoaders,
): Promise<Backend> {
  if (preference !== 'auto' && !backendNames.includes(preference)) {
    throw new InvalidOptionError('backend', `one of auto, ${backendNames.join(', ')}`, preference)
  }
  const skipped: { name: BackendName; reason: string }[] = []
  for (const name of preference === 'auto' ? backendNames : [preference]) {
    try {
      const tf = await loaders[name]()
      await probe(tf)
      return { tf, name, skipped }
    } catch (error) {
      skipped.push({ name, reason: firstLine(error) })
    }
  }
  const last = skipped[skipped.length - 1]
  throw new BackendUnavailableError(last.name, last.reason, hints[last.name])
}

/** TensorFlow.js without a native library, with its hints and warnings off (`PROD` is the library's own switch for them). */
async function loadTfjs(): Promise<TensorFlow> {
  const tf = namespace(await import('@tensorflow/tfjs'))
  tf.env().set('PROD', true)
  return tf
}

async function loadNative(packageName: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu'): Promise<TensorFlow> {
  // tfjs-node-gpu without a GPU is as good as tfjs-node, and only one of the two can register the backend `tensorflow`.
  if (native === undefined) {
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2' // TensorFlow's C++ side: errors only
    await loadTfjs() // first, so that what the native package says while it loads is silenced too
    native = namespace((await import(packageName)) as TensorFlow & { default?: TensorFlow })
  }
  await activate(native, 'tensorflow')
  return native
}

async function activate(tf: TensorFlow, backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js could not start its backend ${backend}`)
}

/** d/dw Σ relu(x·w) for x = [1 2; 3 −4], w = [1; 1] is [1; 2] (the second row is cut off by the relu). */
async function probe(tf: TensorFlow): Promise<void> {
  const gradient = tf.tidy(() => {
    const x = tf.tensor2d([1, 2, 3, -4], [2, 2])
    return tf.grad((w) =>
      tf
        .matMul(x, w as import('@tensorflow/tfjs').Tensor2D)
        .relu()
        .sum(),
    )(tf.ones([2, 1]))
  })
  const [a, b] = await gradient.data()
  gradient.dispose()
  if (a !== 1 || b !== 2) throw new Error(`a small gradient came out as [${a}, ${b}] instead of [1, 2]`)
}

/**
 * Emscripten's start-up code hooks `uncaughtException` and `unhandledRejection` of the whole process, which changes how every later error of
 * the user's program looks and ends. It needs them for nothing here, so they are taken off again.
 */
async function withoutProcessListeners(start: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = events.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')))
  try {
    await start()
  } finally {
    for (const [i, event] of events.entries()) {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before[i].has(listener)) process.removeListener(event, listener)
      }
    }
  }
}

/** The CommonJS exports of a package that was loaded by `import()`. */
function namespace<T extends object>(module: T & { default?: T }): T {
  return module.default ?? module
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error)
  return message.split('\n')[0].trim().replace(/\.$/, '')
}
