import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { embeddedTaskNames } from '../../src/tasks/index.js'
import { loadTuner } from '../../src/tuner/index.js'
import { digestWeights } from '../../src/tuner/model-files.js'
import { findCheckpoint, shippedTuners } from '../../src/tuner/shipped.js'
import { smallFeatures, smallMetadata, writeSmallCheckpoint } from '../../src/tuner/testing/checkpoint.js'
import { type Target, ViolationError } from '../harness/types.js'
import { damaged } from '../inputs/bytes.js'
import { brokenJson, jsonFile } from '../inputs/json.js'
import { nastyTexts, text } from '../inputs/text.js'

interface CheckpointFiles {
  tuner: Buffer
  model: Buffer
  weights: Buffer
  /** Let no digest give the change away, as somebody would who means harm. */
  signed: boolean
}

/** Loads a checkpoint and asks it for a prediction. */
async function use(path: string): Promise<void> {
  const tuner = await loadTuner(path)
  const { t0: axis, theta: thetas } = tuner.grid
  const { names } = tuner.metadata.features
  for (const values of [
    [3, 1.5, 0.8],
    [0, 0, 0],
    [1e30, -1e30, 5],
  ]) {
    const { t0, theta } = tuner.predict({ ...smallFeatures(names.map((_, i) => values[i % 3])), names })
    const inside = t0 >= axis[0] && t0 <= axis.at(-1)! && theta >= thetas[0] && theta <= thetas.at(-1)!
    if (!inside) throw new ViolationError(`predicted T0 ${t0}, theta ${theta} outside the grid ${axis} × ${thetas}`)
  }
}

/** tuner.json without the digests that need not be there, and with that of these weights, where it can be read. */
function sign(tuner: Buffer, weights: Buffer, changed: boolean): Buffer {
  try {
    const { modelSha256: _, contentSha256: _1, ...content } = JSON.parse(tuner.toString())
    const told = changed ? { weights: digestWeights(weights) } : {}
    return Buffer.from(JSON.stringify({ ...content, ...told }))
  } catch {
    return tuner
  }
}

const checkpoint: Target<CheckpointFiles> = {
  name: 'checkpoint',
  about: 'tuner.json, model.json and weights.bin of a checkpoint, then a prediction',
  async open(folder) {
    const path = join(folder, 'tuner')
    await writeSmallCheckpoint(path)
    const [tuner, model, weights] = await Promise.all(
      ['tuner.json', 'model.json', 'weights.bin'].map((name) => readFile(join(path, name))),
    )
    const original: CheckpointFiles = { tuner, model, weights, signed: false }
    const good = { ...original, signed: true }
    const [metadata, network] = [tuner, model].map((file) => JSON.parse(file.toString()))
    const claims = [1e12, 2 ** 53 - 1, 1e9].flatMap((claim) => [
      { ...good, tuner: Buffer.from(JSON.stringify({ ...metadata, weights: { ...metadata.weights, bytes: claim } })) },
      { ...good, model: Buffer.from(model.toString().replace('"shape": [', `"shape": [${claim},`)) },
      { ...good, model: Buffer.from(model.toString().replaceAll(/"units": \d+/g, `"units": ${claim}`)) },
    ])
    return {
      inputs: fc.oneof(
        { arbitrary: fc.record({ ...constants(good), tuner: jsonFile([metadata]) }), weight: 5 },
        { arbitrary: fc.record({ ...constants(good), model: jsonFile([network]) }), weight: 3 },
        {
          arbitrary: fc.record({ ...constants(good), weights: damaged([weights]), signed: fc.boolean() }),
          weight: 2,
        },
      ),
      corpus: [
        original,
        good,
        ...claims,
        ...brokenJson.flatMap((broken) => [
          { ...good, tuner: Buffer.from(broken) },
          { ...good, model: Buffer.from(broken) },
        ]),
        ...['../../etc/passwd', '/etc/passwd', 'https://example.org/weights.bin'].map((outside) => ({
          ...good,
          model: Buffer.from(model.toString().replaceAll('weights.bin', outside)),
        })),
        { ...good, tuner: Buffer.from(JSON.stringify({ ...smallMetadata, ...metadata, tasks: ['__proto__'] })) },
      ],
      async attempt({ tuner: given, model, weights, signed }) {
        await writeFile(
          join(path, 'tuner.json'),
          signed ? sign(given, weights, !weights.equals(original.weights)) : given,
        )
        await writeFile(join(path, 'model.json'), model)
        await writeFile(join(path, 'weights.bin'), weights)
        await use(path)
      },
    }
  },
}

function constants(files: CheckpointFiles) {
  const { tuner, model, weights, signed } = files
  return {
    tuner: fc.constant(tuner),
    model: fc.constant(model),
    weights: fc.constant(weights),
    signed: fc.constant(signed),
  }
}

/** What stands where a name or a path may stand. */
const names: Target<string> = {
  name: 'tuner-names',
  about: 'names and paths of tuners',
  async open() {
    const shipped = shippedTuners()
    return {
      inputs: fc.oneof(
        text,
        fc.tuple(fc.constantFrom(...shipped, ...embeddedTaskNames()), text).map(([name, more]) => `${name}/${more}`),
        fc.tuple(text, fc.constantFrom(...shipped)).map(([before, name]) => `${before}/${name}`),
      ),
      corpus: [...nastyTexts, 'debian-6m/../../package.json', 'debian-6m/universal/../../../src', '../checkpoints'],
      async attempt(name) {
        const path = await findCheckpoint(name)
        // A folder that exists may be named by any path; a name that is no path must be one of those that ship.
        if (path !== name && !shipped.includes(name)) throw new ViolationError(`${name} was taken for ${path}`)
        if (path === name) await loadTuner(path)
      },
    }
  },
}

export const checkpointTargets = [checkpoint, names] as Target<never>[]
