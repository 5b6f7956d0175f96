import type { OnnxAttribute, OnnxNode } from './onnx-schema.js'

/** Domain of ONNX Runtime's own operators. */
export const MICROSOFT = 'com.microsoft'

/** A node with one output, named after it. */
export function op(
  opType: string,
  input: string[],
  output: string,
  attribute: OnnxAttribute[] = [],
  domain = '',
): OnnxNode {
  return { input, output: [output], name: `edt/${output}`, opType, domain, attribute }
}

export const int = (name: string, i: number): OnnxAttribute => ({ name, i, type: 2 })
export const ints = (name: string, values: number[]): OnnxAttribute => ({ name, ints: values, type: 7 })

/** Splits along the last axis. */
export function split(input: string[], output: string[]): OnnxNode {
  return { ...op('Split', input, output[0], [int('axis', -1)]), output }
}
