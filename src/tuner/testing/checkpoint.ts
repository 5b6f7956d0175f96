import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeatureVector } from '../../features/types.js'
import { selectBackend } from '../backend.js'
import { takesBalance } from '../balance.js'
import { type MetadataToSave, saveCheckpoint } from '../checkpoint.js'
import { buildNetwork } from '../network.js'

/** Metadata of a tuner with three features, as `saveCheckpoint` takes it. */
export const smallMetadata: MetadataToSave = {
  tunerName: 'small',
  languageModel: { id: 'debian-6m', vocabularySize: 8192, vocabularyHash: '0123456789abcdef', dtype: 'q8' },
  tasks: ['answer'],
  features: {
    version: 2,
    groups: ['prompt', 'text'],
    names: ['prompt.log_tokens', 'prompt.first_entropy', 'text.letters'],
    means: [3, 1.5, 0.8],
    stds: [1, 0.5, 0.1],
  },
  grid: { t0: [0.2, 0.5, 0.8, 1, 1.3], theta: [0, 0.5, 1.5, 3] },
  references: { answer: { bestQuality: 30, worstSelfBleu: 80 } },
  bestCells: { fixed: { t0: 1, theta: 0.5 }, fixedTemperature: 0.8, perTask: { answer: { t0: 1, theta: 0.5 } } },
  balance: {
    range: [0.1, 0.9],
    baseline: [
      { balance: 0.1, t0: 1.3, theta: 0.5 },
      { balance: 0.5, t0: 0.8, theta: 0.5 },
      { balance: 0.9, t0: 0.5, theta: 1.5 },
    ],
    scores: [{ balance: 0.5, t0: 1, theta: 0.5, bestFixed: 30, learned: 29 }],
  },
  meanSurfaces: { answer: { prompts: 40, quality: new Array(20).fill(25), selfBleu: new Array(20).fill(50) } },
  scores: { validation: { prompts: 10, bestFixed: 30, learned: 29 } },
  signatures: { answer: 'rougeL & n:5' },
  samples: 5,
  seed: 0,
  training: { hidden: [8, 8] },
  decoding: { maxNewTokens: 24, stop: ['\n'], topP: 0.95 },
}

/** A feature vector of `smallMetadata`. */
export function smallFeatures(values: readonly number[]): FeatureVector {
  return { version: 2, names: smallMetadata.features.names, values: Float32Array.from(values) }
}

/** A folder that lives as long as a test file; give `remove` to `afterAll`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'edt-tuner-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Writes a checkpoint whose network has random weights in every layer, so that its predictions differ between prompts. */
export async function writeSmallCheckpoint(path: string, metadata: MetadataToSave = smallMetadata): Promise<void> {
  const { tf } = await selectBackend('cpu')
  const inputs = metadata.features.names.length + (takesBalance(metadata.balance) ? 1 : 0)
  const network = buildNetwork(tf, { inputs, hidden: [8, 8], seed: 7 })
  const output = network.layers[network.layers.length - 1]
  output.setWeights([tf.randomUniform([8, 2], -0.5, 0.5, 'float32', 3), output.getWeights()[1]])
  await saveCheckpoint(path, network, metadata)
  network.dispose()
}
