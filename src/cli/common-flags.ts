import { choice, decimal, type Flags, integer, type Settings, text } from './flags.js'

/** Which language model, and where it runs. */
export const modelFlags = {
  model: text('Language model: a folder, a hub id, or the embedded debian-6m', {
    default: 'debian-6m',
    group: 'Model:',
  }),
  dtype: text('Which ONNX file of the model: fp32, fp16, q8, q4 …', {
    group: 'Model:',
    defaultDescription: "the model's own",
  }),
  device: text('Where the model runs: cpu, cuda, webgpu …', { default: 'cpu', group: 'Model:' }),
} satisfies Flags

/** Threads of a command that runs one prompt at a time. */
export const threadsFlag = {
  threads: integer('Threads inside one step of the model', {
    min: 1,
    group: 'Model:',
    defaultDescription: 'all cores',
  }),
} satisfies Flags

/** Cuts after the temperature; left out, the tuner's and the library's defaults hold. */
export const truncationFlags = {
  topP: decimal('Draw from the most probable tokens that make up this much', {
    above: 0,
    max: 1,
    group: 'Sampling:',
    defaultDescription: "the tuner's, else 0.95",
  }),
  topK: integer('Draw from this many tokens at most', { min: 0, group: 'Sampling:', defaultDescription: 'no limit' }),
  topNSigma: decimal('Leave out tokens whose logit is more than this many standard deviations below the highest', {
    min: 0,
    group: 'Sampling:',
    defaultDescription: 'no limit',
  }),
  minP: decimal('Leave out tokens below this share of the most probable one', {
    min: 0,
    max: 1,
    group: 'Sampling:',
    defaultDescription: '0',
  }),
} satisfies Flags

export const backendFlag = {
  backend: choice('TensorFlow.js backend', ['auto', 'gpu', 'node', 'wasm', 'cpu'], {
    default: 'auto',
    group: 'Model:',
  }),
} satisfies Flags

/** The last part of a model's id or folder names its checkpoints. */
export function shortModelName(id: string): string {
  return id.split(/[\\/]/).filter(Boolean).at(-1) ?? id
}

/** One line that says which model is at work. */
export function describeModel(model: { id: string; dtype: string; device: string }, asked: string): string {
  const embedded = asked === modelFlags.model.default ? 'embedded, ' : ''
  return `${model.id} (${embedded}${model.dtype}, ${model.device})`
}

export type ModelSettings = Settings<typeof modelFlags>
