import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../package-root.js'
import { loadModel } from './load.js'

const embedded = join(packageRoot(), 'data', 'models', 'debian-6m')
/** Only there does onnxruntime-node have a CUDA provider; its libraries come by an install script. */
const cudaWithoutLibraries =
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  !existsSync(
    join(packageRoot(), 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_shared.so'),
  )
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-model-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A copy of the embedded model with one thing changed. */
async function broken(name: string, change: (copy: string) => Promise<void>): Promise<string> {
  const copy = join(folder, name)
  await cp(embedded, copy, { recursive: true })
  await change(copy)
  return copy
}

async function editConfig(copy: string, edit: (config: Record<string, unknown>) => void): Promise<void> {
  const file = join(copy, 'config.json')
  const config = JSON.parse(await readFile(file, 'utf8'))
  edit(config)
  await writeFile(file, JSON.stringify(config))
}

describe('loadModel', () => {
  it('reads vocabulary, context, end tokens and stop strings of the embedded model', async () => {
    const model = await loadModel('debian-6m', { threads: 1 })
    expect(model).toMatchObject({
      id: 'debian-6m',
      vocabularySize: 8192,
      contextLength: 512,
      stopStrings: ['\n'],
      dtype: 'q8',
      device: 'cpu',
      hasChatTemplate: false,
    })
    expect([...model.endTokenIds]).toEqual([0])
    expect(model.vocabularyHash).toMatch(/^[0-9a-f]{16}$/)
    expect(model.decode([])).toBe('')
    expect(model.encode('')).toEqual([1])
    expect(() => model.renderChat([{ role: 'user', content: 'hello' }])).toThrow(/no chat template/)
    await model.dispose()
  })

  it('says that a folder does not exist', async () => {
    await expect(loadModel('./no/such/folder')).rejects.toThrow('./no/such/folder: there is no such folder')
  })

  it('names the file that is missing', async () => {
    const copy = await broken('no-tokenizer', (path) => rm(join(path, 'tokenizer.json')))
    await expect(loadModel(copy)).rejects.toThrow(/tokenizer\.json is missing/)
  })

  it('says which dtypes a folder has when another one is asked for', async () => {
    await expect(loadModel('debian-6m', { dtype: 'q4' })).rejects.toThrow(
      /onnx\/model_q4\.onnx \(dtype q4\) is missing; the folder has model_quantized\.onnx \(dtype q8\)/,
    )
  })

  it('lists the dtypes there are when one is unknown', async () => {
    await expect(loadModel('debian-6m', { dtype: 'q5' })).rejects.toThrow(
      /dtype must be one of fp32, fp16.*but is "q5"/,
    )
  })

  it('says that a model is no causal language model', async () => {
    const copy = await broken('bert', (path) =>
      editConfig(path, (config) => {
        config.model_type = 'bert'
        config.architectures = ['BertModel']
      }),
    )
    await expect(loadModel(copy)).rejects.toThrow(/type is bert, so it is no decoder-only causal language model/)
  })

  it('says which field of config.json is wrong', async () => {
    const copy = await broken('no-context', (path) =>
      editConfig(path, (config) => {
        config.max_position_embeddings = 'many'
      }),
    )
    await expect(loadModel(copy)).rejects.toThrow(/"max_position_embeddings" must be a whole number ≥ 1, but is "many"/)
  })

  it('refuses token ids that ask for more memory than a vocabulary needs, and tokens without a text', async () => {
    const edit = (change: (tokenizer: Record<string, never>) => void) => async (path: string) => {
      const tokenizer = JSON.parse(await readFile(join(path, 'tokenizer.json'), 'utf8'))
      change(tokenizer)
      await writeFile(join(path, 'tokenizer.json'), JSON.stringify(tokenizer))
    }
    const huge = await broken(
      'huge-id',
      edit(({ model }) => Object.assign((model as { vocab: object }).vocab, { x: 1_682_347_484 })),
    )
    await expect(loadModel(huge)).rejects.toThrow(/tokenizer\.json: "model\.vocab\.x" must be a whole number from 0 to/)
    const empty = await broken(
      'empty-token',
      edit(({ added_tokens }) => Object.assign(added_tokens[0], { content: '' })),
    )
    await expect(loadModel(empty)).rejects.toThrow(/"added_tokens" must be a list of tokens with an id and a content/)
  })

  it('refuses a device that does not exist', async () => {
    await expect(loadModel('debian-6m', { device: 'abacus' })).rejects.toThrow(/Unsupported device: "abacus".*cpu\.$/)
  })

  it.runIf(cudaWithoutLibraries)('says what CUDA needs where its libraries are missing', async () => {
    await expect(loadModel('debian-6m', { device: 'cuda' })).rejects.toThrow(
      /npm rebuild onnxruntime-node --ignore-scripts=false.*CUDA 12/,
    )
  })

  it('refuses a damaged graph', async () => {
    const copy = await broken('damaged', (path) => writeFile(join(path, 'onnx', 'model_quantized.onnx'), 'not a graph'))
    await expect(loadModel(copy)).rejects.toThrow(/transformers\.js could not load it/)
  })
})
