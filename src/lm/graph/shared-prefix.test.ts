import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { OutOfMemoryError } from '../../errors.js'
import { packageRoot } from '../../package-root.js'
import { hasSmolLM2, skipNote, smolLM2Folder } from '../../testing/models.js'
import { loadModel } from '../load.js'
import { decodeModel, encodeModel } from './onnx-schema.js'
import { sharePrefix } from './shared-prefix.js'

const graph = () => readFile(join(packageRoot(), 'data', 'models', 'debian-6m', 'onnx', 'model_quantized.onnx'))

describe('sharePrefix', () => {
  it('replaces every Attention node and drops the padding mask', async () => {
    const result = sharePrefix(await graph())
    if ('unsupported' in result) throw new Error(result.unsupported)
    const { graph: rewritten } = decodeModel(result.model)
    expect(result.layers).toBe(6)
    expect(rewritten.node.filter((node) => node.opType === 'Attention')).toEqual([])
    const inputs = rewritten.input.map((input) => input.name)
    expect(inputs).not.toContain('attention_mask')
    expect(inputs).toContain('edt.prefix.5.value')
    expect(rewritten.output.map((output) => output.name)).not.toContain('present.0.key')
  })

  it('gives the logits of the original graph (checked at load)', async () => {
    const model = await loadModel('debian-6m', { threads: 1 })
    expect(await model.sharedPrefixStatus()).toBe('yes')
    await model.dispose()
  })

  it('is not passed over where memory runs out: results would differ in their last digits', async () => {
    const model = await loadModel('debian-6m', { threads: 1 })
    const { ordinary } = (model as unknown as { parts: { ordinary: { session: { constructor: object } } } }).parts
    const create = vi.spyOn(ordinary.session.constructor as { create(): Promise<unknown> }, 'create')
    create.mockRejectedValueOnce(new Error('Exception during initialization: std::bad_alloc'))
    await expect(model.sharedPrefixStatus()).rejects.toThrow(OutOfMemoryError)
    expect(await model.sharedPrefixStatus()).toBe('yes') // there was memory again
    create.mockRestore()
    await model.dispose()
  })

  it.skipIf(!hasSmolLM2)(`gives the logits of SmolLM2's graph${skipNote}`, async () => {
    const model = await loadModel(smolLM2Folder)
    expect(await model.sharedPrefixStatus()).toBe('yes')
    await model.dispose()
  })

  it('leaves graphs alone that it does not recognise, and says why', async () => {
    const model = decodeModel(await graph())
    for (const node of model.graph.node) if (node.opType === 'Attention') node.opType = 'MultiHeadAttention'
    expect(sharePrefix(encodeModel(model))).toMatchObject({
      unsupported: expect.stringContaining('0 nodes Attention or GroupQueryAttention for 6 cached layers'),
    })
    expect(sharePrefix(new Uint8Array([1, 2, 3]))).toMatchObject({
      unsupported: expect.stringContaining('no readable'),
    })
  })

  it('keeps weights and unknown fields byte for byte when it reads and writes a model', async () => {
    const bytes = await graph()
    const again = decodeModel(encodeModel(decodeModel(bytes)))
    expect(again.graph.initializer.map((raw) => raw.length)).toEqual(
      decodeModel(bytes).graph.initializer.map((raw) => raw.length),
    )
    expect(encodeModel(again)).toHaveLength(encodeModel(decodeModel(bytes)).length)
  })
})
