import { createHash } from 'node:crypto'
import { describeFailure } from '../../src/cli/failure.js'
import { EdtError } from '../../src/errors.js'
import { loadTuner } from '../../src/tuner/index.js'
import { smallFeatures } from '../../src/tuner/testing/checkpoint.js'
import { openStore, storeDigest } from '../../training/store/index.js'
import type { ReadRequest, ReadResult } from './reader.js'

// A process of its own: whatever a damaged file does to a native library must not take the suite with it.
process.on('message', async ({ kind, path }: ReadRequest) => {
  const answer = await (kind === 'store' ? readStore(path) : readTuner(path)).catch(refusal)
  process.send!(answer)
})
process.on('disconnect', () => process.exit(0))

/** All that the commands read of a store. */
async function readStore(path: string): Promise<ReadResult> {
  const store = await openStore(path, { readOnly: true })
  try {
    await store.summary()
    const prompts: Record<string, string> = {}
    const { surfaces } = await store.surfaces()
    const hashes = new Map(surfaces.map((surface) => [surface.promptId, hashOf(surface)]))
    for await (const samples of store.samples(store.finishedPrompts())) {
      prompts[samples.promptId] = `${hashes.get(samples.promptId)} ${hashOf(samples)}`
    }
    return { digest: await storeDigest(store), prompts }
  } finally {
    await store.close()
  }
}

async function readTuner(path: string): Promise<ReadResult> {
  const tuner = await loadTuner(path)
  const predictions = [0, 0.3, 1, 2].map((value) => tuner.predict(smallFeatures([value, 1, 0.5])))
  const { contentSha256: _, modelSha256: __, ...metadata } = tuner.metadata
  return { digest: hashOf({ predictions, metadata }), prompts: {} }
}

function refusal(error: unknown): ReadResult {
  const { message, exitCode } = describeFailure(error, false)
  return { refused: error instanceof EdtError ? error.name : 'not on purpose', message, exitCode }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
