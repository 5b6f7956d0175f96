import { createRequire } from 'node:module'
import { VERSION } from '../../src/version.js'
import type { ModelDescription } from './types.js'

/** What a session ran on, for `edt inspect`. */
export function sessionEnvironment({ device, contextLength, weightsHash }: ModelDescription): Record<string, string> {
  // Found without loading them: only the workers need the model's libraries.
  const transformers = createRequire(createRequire(import.meta.url).resolve('@huggingface/transformers'))
  return {
    'edt-tuner': VERSION,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    '@huggingface/transformers': transformers('../package.json').version,
    'onnxruntime-node': transformers('onnxruntime-node/package.json').version,
    device,
    contextLength: `${contextLength}`,
    ...(weightsHash === undefined ? {} : { weightsHash }),
  }
}
