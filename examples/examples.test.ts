import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hasSmolLM2, skipNote, smolLM2Folder } from '../src/testing/models.js'

// Training and models take their time on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 240_000 })

let printed: string[]
beforeEach(() => {
  printed = []
  vi.spyOn(console, 'log').mockImplementation((line) => void printed.push(String(line)))
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('examples', () => {
  it('are all run here', async () => {
    const files = (await readdir(new URL('.', import.meta.url))).filter((name) => !name.endsWith('.test.ts'))
    const known = ['chat.ts', 'generate.ts', 'logits-processor.ts', 'score.ts', 'server.ts', 'stream.ts', 'train.ts']
    expect(files.sort()).toEqual(known)
  })

  it('generate: T0 and θ by the tuner, then with a balance and bounds', async () => {
    await import('./generate.js')
    expect(printed).toHaveLength(4)
    expect(printed[0]).toMatch(/^T0 [\d.]+, θ [\d.]+: \p{Lu}.*bibliothèque/u)
    expect(printed[1]).toMatch(/^T0 0\.[0-8]\d: .* \(stop-string|end-token|length\)$/)
  })

  it('stream: tokens with their temperatures', async () => {
    await import('./stream.js')
    expect(printed[0]).toMatch(/^T0 [\d.]+, θ [\d.]+$/)
    expect(printed.at(-1)).toMatch(/^ended by [a-z-]+ after \d+ tokens$/)
    expect(printed.length).toBeGreaterThan(4)
  })

  it('logits processor: a batch in a pipeline', async () => {
    await import('./logits-processor.js')
    expect(printed).toHaveLength(2)
    for (const line of printed) expect(line).toMatch(/^T0 [\d.]+, θ [\d.]+, mean temperature [\d.]+: \S/)
  })

  it('train: a task of one’s own, and its tuner at work', async () => {
    await import('./train.js')
    expect(printed[0]).toMatch(/^EDA on validation prompts: [\d.]+ learned, [\d.]+ best fixed$/)
    expect(printed[1]).toMatch(/^T0 [\d.]+, θ [\d.]+: /)
  })

  it('score: BLEU, ROUGE-L, Self-BLEU and EDA', async () => {
    await import('./score.js')
    expect(printed.map((line) => line.split(' ')[0])).toEqual(['BLEU', 'ROUGE-L', 'Self-BLEU', 'EDA'])
  })

  it('server: two answers over HTTP, one by the tuner and one at a fixed temperature', async () => {
    await import('./server.js')
    expect(printed[0]).toMatch(/^edt\|t0:[\d.]+\|.*, chosen by the tuner: +\w/)
    expect(printed[1]).toMatch(/^fixed\|.*0\.7.*, chosen by the user: +\w/)
  })

  it.skipIf(!hasSmolLM2)(`chat: a conversation with a chat model${skipNote}`, async () => {
    vi.stubEnv('EDT_CHAT_MODEL', smolLM2Folder)
    await import('./chat.js')
    expect(printed[0]).toContain('Paris')
    expect(printed).toHaveLength(2)
  })
})
