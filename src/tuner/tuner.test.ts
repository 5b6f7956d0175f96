import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { extractFeatures, FEATURE_GROUPS, observePrompt } from '../features/index.js'
import type { FeatureVector } from '../features/types.js'
import { EMBEDDED_MODEL, type LanguageModel, loadModel } from '../lm/index.js'
import { embeddedPrompts } from '../testing/models.js'
import { CheckpointMismatchError, FeatureMismatchError } from './errors.js'
import { smallFeatures, smallMetadata, temporaryFolder, writeSmallCheckpoint } from './testing/checkpoint.js'
import { loadTuner, type Tuner } from './tuner.js'

const folder = temporaryFolder()
const path = join(folder.path, 'small')
let tuner: Tuner
beforeAll(async () => {
  await writeSmallCheckpoint(path)
  tuner = await loadTuner(path)
})
afterAll(folder.remove)

const anyFeatures = fc
  .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 })
  .map(smallFeatures)

describe('predict', () => {
  it('differs between prompts and stays inside the ranges, whatever the features', () => {
    expect(tuner.predict(smallFeatures([2, 1, 0.7]))).not.toEqual(tuner.predict(smallFeatures([4, 2, 0.9])))
    fc.assert(
      fc.property(anyFeatures, (features) => {
        const { t0, theta } = tuner.predict(features)
        expect(t0 >= 0.2 && t0 <= 1.3 && theta >= 0 && theta <= 3).toBe(true)
      }),
    )
  })

  it.each(['wasm', 'cpu'] as const)('agrees with TensorFlow.js on %s to 1e-5', async (backend) => {
    const reference = await loadTuner(path, { backend })
    expect([tuner.backend, reference.backend]).toEqual(['plain', backend])
    const vectors = fc.sample(anyFeatures, { numRuns: 200, seed: 1 })
    const [plain, tensorFlow] = [tuner.predict(vectors), reference.predict(vectors)]
    for (const [i, cell] of plain.entries()) {
      expect(Math.abs(cell.t0 - tensorFlow[i].t0)).toBeLessThan(1e-5)
      expect(Math.abs(cell.theta - tensorFlow[i].theta)).toBeLessThan(1e-5)
    }
    reference.dispose()
  })

  it('follows the balance, also on TensorFlow.js, and takes 0.5 unless told otherwise', async () => {
    const features = smallFeatures([2, 1, 0.7])
    const reference = await loadTuner(path, { backend: 'cpu' })
    expect(tuner.predict(features)).toEqual(tuner.predict(features, { balance: 0.5 }))
    expect(tuner.predict(features, { balance: 0.9 })).not.toEqual(tuner.predict(features))
    for (const balance of [0.1, 0.33, 0.9]) {
      const [plain, tensorFlow] = [tuner.predict(features, { balance }), reference.predict(features, { balance })]
      expect(Math.abs(plain.t0 - tensorFlow.t0)).toBeLessThan(1e-5)
      expect(Math.abs(plain.theta - tensorFlow.theta)).toBeLessThan(1e-5)
    }
    reference.dispose()
  })

  it('says which balances it was trained for', async () => {
    expect([tuner.balanceRange, tuner.defaultBalance]).toEqual([[0.1, 0.9], 0.5])
    for (const balance of [0.95, 0, Number.NaN]) {
      expect(() => tuner.predict(smallFeatures([1, 2, 3]), { balance })).toThrow(/a number from 0\.1 to 0\.9, but is/)
    }
  })

  it('knows no balance but its own when it was trained for one, and needs no input for it', async () => {
    const one = { range: [0.7, 0.7] as [number, number], baseline: [{ balance: 0.7, t0: 0.8, theta: 0.5 }] }
    const single = join(folder.path, 'single')
    await writeSmallCheckpoint(single, { ...smallMetadata, balance: { ...smallMetadata.balance, ...one } })
    const sevenTenths = await loadTuner(single)
    const features = smallFeatures([2, 1, 0.7])
    expect(sevenTenths.defaultBalance).toBe(0.7)
    expect(sevenTenths.predict(features)).toEqual(sevenTenths.predict(features, { balance: 0.7 }))
    expect(() => sevenTenths.predict(features, { balance: 0.5 })).toThrow(
      /must be 0\.7, the only one that this tuner was trained for, but is 0\.5\. Train one for all with `edt fit --balance any`/,
    )
  })

  it('stays inside the bounds of the user, whatever the features', () => {
    fc.assert(
      fc.property(anyFeatures, (features) => {
        const free = tuner.predict(features)
        const bound = tuner.predict(features, { t0Range: [0.7, 0.9], thetaRange: [0, 1] })
        expect(bound).toEqual({
          t0: Math.min(0.9, Math.max(0.7, free.t0)),
          theta: Math.min(1, free.theta),
        })
      }),
    )
    expect(tuner.predict(smallFeatures([2, 1, 0.7]), { t0Range: [3, Number.POSITIVE_INFINITY] }).t0).toBe(3)
  })

  it.each([
    [{ t0Range: [0.9, 0.7] }, /t0Range must be two numbers/],
    [{ t0Range: [0, 0] }, /most > 0, but is \[0,0\]/],
    [{ thetaRange: [-1, 2] }, /thetaRange must be two numbers/],
    [{ thetaRange: [Number.NaN, 2] }, /thetaRange must be/],
  ] as const)('refuses bounds that allow nothing: %o', (bounds, message) => {
    expect(() => tuner.predict(smallFeatures([1, 2, 3]), bounds)).toThrow(message)
  })

  it('gives a list for a list, each as by itself', () => {
    const vectors = [smallFeatures([1, 1, 1]), smallFeatures([5, 0, 0])]
    expect(tuner.predict(vectors)).toEqual(vectors.map((vector) => tuner.predict(vector)))
    expect(tuner.predict([])).toEqual([])
  })

  it('finds its features by name in a longer vector of another order', () => {
    const names = ['text.letters', 'text.digits', 'prompt.first_entropy', 'prompt.log_tokens']
    const vector: FeatureVector = { version: 2, names, values: Float32Array.from([0.7, 99, 1, 2]) }
    expect(tuner.predict(vector)).toEqual(tuner.predict(smallFeatures([2, 1, 0.7])))
  })

  it('says which features are missing, and of which groups they are', () => {
    const vector: FeatureVector = { version: 2, names: ['prompt.log_tokens'], values: Float32Array.from([2]) }
    expect(() => tuner.predict(vector)).toThrow(FeatureMismatchError)
    expect(() => tuner.predict(vector)).toThrow(
      /groups prompt, text.*without 2 of them \(prompt\.first_entropy, text\.letters\)/,
    )
  })

  it('refuses features of another version and values that are no numbers', () => {
    expect(() =>
      tuner.predict({ ...smallFeatures([1, 2, 3]), names: [...smallMetadata.features.names], version: 3 }),
    ).toThrow(/needs version 2 of the features, but got version 3/)
    expect(() => tuner.predict(smallFeatures([1, Number.NaN, 3]))).toThrow(/feature prompt\.first_entropy, but got NaN/)
  })

  it('refuses to work after it was disposed', async () => {
    const disposed = await loadTuner(path, { backend: 'cpu' })
    disposed.dispose()
    disposed.dispose()
    expect(() => disposed.predict(smallFeatures([1, 2, 3]))).toThrow(/load it again/)
  })

  it('takes well under a millisecond for a network of the usual size', async () => {
    const names = Array.from({ length: 450 }, (_, i) => `prefill.feature_${i}`)
    const features = {
      ...smallMetadata.features,
      groups: ['prefill' as const],
      names,
      means: names.map(() => 0),
      stds: names.map(() => 1),
    }
    await writeSmallCheckpoint(join(folder.path, 'wide'), { ...smallMetadata, features })
    const wide = await loadTuner(join(folder.path, 'wide'))
    const vector: FeatureVector = { version: 2, names, values: new Float32Array(450).fill(0.5) }
    for (let i = 0; i < 200; i++) wide.predict(vector)
    const started = performance.now()
    for (let i = 0; i < 200; i++) wide.predict(vector)
    expect((performance.now() - started) / 200).toBeLessThan(1)
  })

  it('refuses a checkpoint of other feature code', async () => {
    const old = join(folder.path, 'old')
    await writeSmallCheckpoint(old, { ...smallMetadata, features: { ...smallMetadata.features, version: 99 } })
    await expect(loadTuner(old)).rejects.toThrow(
      /needs version 99 of the features, but got version 2\. Update edt-tuner/,
    )
  })
})

describe('checkModel', () => {
  const model = { id: 'other', vocabularySize: 8192, vocabularyHash: '0123456789abcdef' }

  it('accepts the same vocabulary under another name', () => {
    expect(() => tuner.checkModel(model)).not.toThrow()
  })

  it.each([
    [
      'size',
      { vocabularySize: 100 },
      /trained for vocabulary size 8192 \(debian-6m\), but the loaded model has 100 \(other\)/,
    ],
    [
      'hash',
      { vocabularyHash: 'ffff' },
      /trained for vocabulary hash 0123456789abcdef \(debian-6m\), but .* ffff \(other\)/,
    ],
  ])('refuses another vocabulary %s', (_, other, message) => {
    expect(() => tuner.checkModel({ ...model, ...other })).toThrow(CheckpointMismatchError)
    expect(() => tuner.checkModel({ ...model, ...other })).toThrow(message)
  })
})

describe('configure, on the embedded model', () => {
  let model: LanguageModel
  let own: Tuner
  let features: FeatureVector
  beforeAll(async () => {
    model = await loadModel(EMBEDDED_MODEL)
    const [prompt] = embeddedPrompts
    features = extractFeatures(observePrompt(prompt, await model.prefill(model.encode(prompt), { surprisals: true })))
    const { id, vocabularySize, vocabularyHash, dtype } = model
    const zeros = [...features.names].map(() => 0)
    await writeSmallCheckpoint(join(folder.path, 'own'), {
      ...smallMetadata,
      languageModel: { id, vocabularySize, vocabularyHash, dtype },
      features: {
        version: features.version,
        groups: [...FEATURE_GROUPS],
        names: [...features.names],
        means: zeros,
        stds: zeros.map(() => 1),
      },
    })
    own = await loadTuner(join(folder.path, 'own'))
  })
  afterAll(() => model.dispose())

  it('reads a prompt and predicts from its features', async () => {
    const { t0, theta, features: seen } = await own.configure(model, embeddedPrompts[0])
    expect(seen.names).toEqual(features.names)
    expect({ t0, theta }).toEqual(own.predict(features))
    const options = { balance: 0.8, t0Range: [0.3, 0.4] } as const
    const asked = await own.configure(model, embeddedPrompts[0], options)
    expect(asked).toEqual({ ...own.predict(features, options), balance: 0.8, features })
    const other = await own.configure(model, embeddedPrompts[3])
    expect({ t0: other.t0, theta: other.theta }).not.toEqual({ t0, theta })
  })

  it('refuses a model that it was not trained for before it reads anything', async () => {
    await expect(tuner.configure(model, embeddedPrompts[0])).rejects.toThrow(CheckpointMismatchError)
  })
})
