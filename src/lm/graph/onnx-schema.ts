import protobuf from 'protobufjs'

/**
 * The few ONNX messages that the rewriting reads or writes (onnx.proto3, IR version 10). Everything else in a model,
 * weights above all, stays raw bytes: fields not named here are kept as they are and written back.
 */
const schema = protobuf.Root.fromJSON({
  nested: {
    Model: { fields: { opsetImport: { rule: 'repeated', type: 'OpsetId', id: 8 }, graph: { type: 'Graph', id: 7 } } },
    OpsetId: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    Graph: {
      fields: {
        node: { rule: 'repeated', type: 'Node', id: 1 },
        initializer: { rule: 'repeated', type: 'bytes', id: 5 },
        input: { rule: 'repeated', type: 'ValueInfo', id: 11 },
        output: { rule: 'repeated', type: 'ValueInfo', id: 12 },
        valueInfo: { rule: 'repeated', type: 'bytes', id: 13 },
      },
    },
    Node: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: { rule: 'repeated', type: 'Attribute', id: 5 },
        domain: { type: 'string', id: 7 },
      },
    },
    Attribute: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        g: { type: 'bytes', id: 6 },
        ints: { rule: 'repeated', type: 'int64', id: 8 },
        type: { type: 'int32', id: 20 },
      },
    },
    Tensor: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1 },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
      },
    },
    ValueInfo: { fields: { name: { type: 'string', id: 1 }, type: { type: 'ValueType', id: 2 } } },
    ValueType: { fields: { tensorType: { type: 'TensorType', id: 1 } } },
    TensorType: { fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'Shape', id: 2 } } },
    Shape: { fields: { dim: { rule: 'repeated', type: 'Dimension', id: 1 } } },
    Dimension: {
      oneofs: { size: { oneof: ['dimValue', 'dimParam'] } },
      fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } },
    },
  },
})

const Model = schema.lookupType('Model')
const Tensor = schema.lookupType('Tensor')

/** ONNX TensorProto.DataType. */
export const FLOAT = 1
export const INT64 = 7

export interface OnnxAttribute {
  name: string
  f?: number
  i?: number | { toNumber(): number }
  g?: Uint8Array
  ints?: (number | { toNumber(): number })[]
  /** AttributeProto.AttributeType: 1 float, 2 int, 7 ints. */
  type: number
}

export interface OnnxNode {
  input: string[]
  output: string[]
  name?: string
  opType: string
  domain?: string
  attribute: OnnxAttribute[]
}

export interface OnnxValueInfo {
  name: string
  type?: { tensorType?: { elemType?: number; shape?: { dim: { dimValue?: unknown; dimParam?: string }[] } } }
}

export interface OnnxModel {
  opsetImport: { domain?: string; version?: number | { toNumber(): number } }[]
  graph: {
    node: OnnxNode[]
    initializer: Uint8Array[]
    input: OnnxValueInfo[]
    output: OnnxValueInfo[]
    valueInfo: Uint8Array[]
  }
}

/** Reads a serialised ModelProto. @throws when the bytes are no protobuf message of that shape */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const reader = protobuf.Reader.create(bytes)
  reader.discardUnknown = false
  const model = Model.decode(reader) as unknown as OnnxModel
  // protobufjs has null where a message is missing.
  if (model.graph === null) throw new Error('it holds no graph')
  return model
}

/** Writes a ModelProto, with everything that `decodeModel` did not look at. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return Model.encode(model as unknown as protobuf.Message).finish()
}

/** A 1-D or scalar int64 constant as a serialised TensorProto. */
export function int64Initializer(name: string, values: readonly number[], dims = [values.length]): Uint8Array {
  const raw = new BigInt64Array(values.map(BigInt))
  return Tensor.encode({ dims, dataType: INT64, name, rawData: new Uint8Array(raw.buffer) }).finish()
}

/** A float32 scalar as a serialised TensorProto. */
export function floatInitializer(name: string, value: number): Uint8Array {
  return Tensor.encode({
    dims: [],
    dataType: FLOAT,
    name,
    rawData: new Uint8Array(new Float32Array([value]).buffer),
  }).finish()
}

/** Sizes of a constant of the graph; undefined when it has none of that name. */
export function initializerDims({ initializer }: OnnxModel['graph'], name: string): number[] | undefined {
  for (const raw of initializer) {
    const tensor = Tensor.decode(raw) as unknown as { name: string; dims: (number | { toNumber(): number })[] }
    if (tensor.name === name) return tensor.dims.map(toNumber)
  }
  return undefined
}

/** The number in an int attribute, whichever way protobufjs holds 64-bit integers. */
export function attributeInt(node: OnnxNode, name: string): number | undefined {
  const attribute = node.attribute.find((a) => a.name === name)
  if (attribute === undefined) return undefined
  return toNumber(attribute.i ?? 0)
}

export function attributeFloat(node: OnnxNode, name: string): number | undefined {
  return node.attribute.find((a) => a.name === name)?.f
}

export function toNumber(value: number | { toNumber(): number }): number {
  return typeof value === 'number' ? value : value.toNumber()
}
