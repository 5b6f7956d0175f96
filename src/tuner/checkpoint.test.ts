import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tensor2D } from '@tensorflow/tfjs'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { selectBackend } from './backend.js'
import { readCheckpoint, saveCheckpoint } from './checkpoint.js'
import { CheckpointError } from './errors.js'
import { modelFilesHandler } from './model-files.js'
import { buildNetwork } from './network.js'
import { smallMetadata, temporaryFolder, writeSmallCheckpoint } from './testing/checkpoint.js'
import { loadTuner } from './tuner.js'

const folder = temporaryFolder()
afterAll(folder.remove)

let path: string
let count = 0
beforeEach(async () => {
  path = join(folder.path, `checkpoint-${count++}`)
  await writeSmallCheckpoint(path)
})

/** Sets one field of tuner.json, by its path; undefined removes it. */
async function setField(field: string, value: unknown): Promise<void> {
  const file = join(path, 'tuner.json')
  const metadata = JSON.parse(await readFile(file, 'utf8'))
  delete metadata.contentSha256 // As early versions wrote it: here the fields themselves are judged.
  const keys = field.split('.')
  const last = keys.pop()!
  keys.reduce((object, key) => object[key], metadata)[last] = value
  await writeFile(file, JSON.stringify(metadata))
}

describe('a saved checkpoint', () => {
  it('is a folder with model.json, weights.bin and tuner.json, and nothing is left beside it', async () => {
    expect((await readdir(path)).sort()).toEqual(['model.json', 'tuner.json', 'weights.bin'])
    expect((await readdir(folder.path)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('comes back with all that was told to it, its versions and ranges', async () => {
    const { metadata } = await readCheckpoint(path)
    expect(metadata).toMatchObject(smallMetadata)
    expect(metadata).toMatchObject({ formatVersion: 2, ranges: { t0: [0.2, 1.3], theta: [0, 3] } })
    expect(metadata.weights.bytes).toBe(4 * (4 * 8 + 8 + 8 * 8 + 8 + 8 * 2 + 2))
  })

  it("is TensorFlow.js's own format", async () => {
    const { tf } = await selectBackend('cpu')
    const network = await tf.loadLayersModel(modelFilesHandler((await readCheckpoint(path)).files))
    const [places] = tf.tidy(() => (network.predict(tf.zeros([1, 4])) as Tensor2D).arraySync())
    expect(places).toHaveLength(2)
    const manifest = JSON.parse(await readFile(join(path, 'model.json'), 'utf8')).weightsManifest
    expect(manifest[0].paths).toEqual(['weights.bin'])
  })

  it('is refused when a number of it changed, and read when its files were only laid out anew or have no digests', async () => {
    const file = join(path, 'tuner.json')
    const metadata = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify(metadata))
    await readCheckpoint(path)
    await writeFile(file, JSON.stringify({ ...metadata, samples: 6 }))
    await expect(readCheckpoint(path)).rejects.toThrow('the file was changed or damaged')
    const { contentSha256: _, modelSha256: __, ...early } = metadata
    await writeFile(file, JSON.stringify(early))
    await readCheckpoint(path)
    await writeFile(file, JSON.stringify(metadata))
    const model = join(path, 'model.json')
    await writeFile(model, (await readFile(model, 'utf8')).replace('tfjs-layers', 'tfjs-layer5'))
    await expect(readCheckpoint(path)).rejects.toThrow(/model.json.*changed or damaged/)
  })

  it('replaces an older one as a whole', async () => {
    await writeSmallCheckpoint(path, { ...smallMetadata, tunerName: 'newer' })
    expect((await readCheckpoint(path)).metadata.tunerName).toBe('newer')
    expect((await readdir(folder.path)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('never replaces a folder that holds something else', async () => {
    const other = join(folder.path, `other-${count}`)
    await mkdir(other)
    await writeFile(join(other, 'thesis.tex'), 'ten years of work')
    await expect(writeSmallCheckpoint(other)).rejects.toThrow(/other files and no tuner\.json/)
    expect(await readdir(other)).toEqual(['thesis.tex'])
  })

  it('is not written at all when its metadata is wrong, and leaves the older one as it was', async () => {
    const { tf } = await selectBackend('cpu')
    const network = buildNetwork(tf, { inputs: 4, hidden: [] })
    const wrong = { ...smallMetadata, samples: 0 }
    await expect(saveCheckpoint(path, network, wrong)).rejects.toThrow(/field "samples"/)
    await expect(saveCheckpoint(`${path}-new`, network, wrong)).rejects.toThrow(CheckpointError)
    expect(existsSync(`${path}-new`)).toBe(false)
    expect((await readCheckpoint(path)).metadata.samples).toBe(5)
    expect((await readdir(folder.path)).filter((name) => name.startsWith('.'))).toEqual([])
    network.dispose()
  })
})

describe('loading says what is wrong with', () => {
  const fails = async (...parts: (string | RegExp)[]) => {
    const error = await loadTuner(path).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CheckpointError)
    for (const part of parts) expect((error as Error).message).toMatch(part)
  }

  it('a folder that is not there', async () => {
    path = join(folder.path, 'nowhere')
    await fails('nowhere', /no such folder/)
  })

  it('a file in place of the folder', async () => {
    path = join(path, 'tuner.json')
    await fails('tuner.json', /a checkpoint is a folder/)
  })

  it.each(['tuner.json', 'model.json', 'weights.bin'])('a missing %s', async (name) => {
    await rm(join(path, name))
    await fails(name, /no such file/)
  })

  it('a tuner.json or model.json that is cut off', async () => {
    for (const name of ['model.json', 'tuner.json']) {
      const file = join(path, name)
      await writeFile(file, (await readFile(file, 'utf8')).slice(0, 200))
      await fails(name, /no JSON/)
    }
  })

  it.each([
    ['languageModel.vocabularySize', 'many'],
    ['features.stds.1', 0],
    ['features.means', [3, 1.5]],
    ['features.groups.0', 'telepathy'],
    ['grid.t0', [1, 0.5]],
    ['ranges.theta', [0, 5]],
    ['references', {}],
    ['balance.range.1', 1],
    ['balance.baseline', [{ balance: 0.1, t0: 1, theta: 0 }]],
    ['meanSurfaces.answer', { prompts: 40, quality: [1], selfBleu: [1] }],
    ['weights', undefined],
    ['decoding.topP', 1.5],
  ])('the field %s of tuner.json', async (field, value) => {
    await setField(field, value)
    await fails('tuner.json', `field "${field}"`)
  })

  it.each(['__proto__', 'constructor'])(
    'a task that is called %s, as something that every object has',
    async (name) => {
      await setField('tasks', [name])
      await fails('tuner.json', 'field "tasks.0"')
    },
  )

  it('weights that are far larger than any network, before they are read', async () => {
    await truncate(join(path, 'weights.bin'), 2 ** 40)
    await expect(loadTuner(path)).rejects.toThrow(/weights\.bin: the file has more than 268435456 bytes/)
  })

  it('a format of the future', async () => {
    await setField('formatVersion', 3)
    await fails(/version 3 is newer than 2/, /update edt-tuner/)
  })

  it('a format of the past', async () => {
    await setField('formatVersion', 1)
    await fails('field "formatVersion"', /version 1 was written by an older edt-tuner/, /`edt fit`/)
  })

  it('weights that are cut off', async () => {
    const file = join(path, 'weights.bin')
    await writeFile(file, (await readFile(file)).subarray(0, -4))
    await fails('weights.bin', /holds 516 bytes, but tuner\.json says 520/)
  })

  it('weights with one flipped bit', async () => {
    const file = join(path, 'weights.bin')
    const bytes = await readFile(file)
    bytes[100] ^= 1
    await writeFile(file, bytes)
    await fails('weights.bin', /SHA-256/)
  })

  it('a network of another kind', async () => {
    const file = join(path, 'model.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"relu"', '"softmax"'))
    await fails('model.json', /activation/, /dense layers/)
  })

  it('a description that does not fit its weights', async () => {
    await setField('modelSha256', undefined)
    const file = join(path, 'model.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"units": 8', '"units": 9'))
    await fails('model.json', 'hidden_1', /4 × 9/)
  })

  it('a network of another width than the features', async () => {
    for (const list of ['names', 'means', 'stds'] as const) {
      await setField(`features.${list}`, smallMetadata.features[list].slice(0, 2))
    }
    await fails(/4 inputs to 2 outputs/, /2 features and a balance/)
  })
})
