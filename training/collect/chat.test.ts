import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatMessage } from '../../src/lm/types.js'
import { openTask } from '../../src/tasks/index.js'
import type { TaskOptions } from '../../src/tasks/types.js'
import { collect } from './collect.js'
import { runRollouts } from './rollouts.js'
import { edtRollout, exampleJob } from './testing/jobs.js'
import { markovModel } from './testing/markov-model.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-chat-'))
  const row = (i: number) => JSON.stringify({ id: `${i}`, text: `the old cat ${i}. and a red dog`, summary: 'the cat' })
  await writeFile(join(folder, 'a.jsonl'), [0, 1, 2].map(row).join('\n'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A chat template that puts a word before and after the message. */
function chatModel() {
  const model = markovModel()
  const render = (messages: readonly ChatMessage[]) => `the ${messages[0].content} dog`
  model.renderChat = render
  model.encodeChat = (messages) => ({ text: render(messages), tokenIds: model.encode(render(messages)) })
  return model
}

describe('a job with a chat prompt', () => {
  it('is drawn as the rendered prompt would be, features and the prompt without its source too', async () => {
    const kld = { strategy: { name: 'kld' as const, temperature: 1, bandwidth: 2 }, truncation: {}, samples: 4 }
    const rest = { rollouts: [edtRollout(1.3, 1), kld], wantFeatures: true }
    const chat = exampleJob({ ...rest, prompt: 'old cat', promptWithoutSource: 'red', chat: true })
    const rendered = exampleJob({ ...rest, prompt: 'the old cat dog', promptWithoutSource: 'the red dog' })
    const result = await runRollouts(chatModel(), chat)
    expect(result).toEqual(await runRollouts(chatModel(), rendered))
    expect(result).not.toEqual(await runRollouts(chatModel(), { ...chat, chat: false }))
  })
})

describe('a run of a data set', () => {
  const run = async (changes: TaskOptions) =>
    collect({
      model: 'markov',
      workerEntry: new URL('./testing/markov-worker.ts', import.meta.url),
      workers: 1,
      tasks: [await openTask(`xlsum:${join(folder, 'a.jsonl')}`, { splitShares: [1, 0, 0], ...changes })],
      grid: { t0: [1], theta: [0] },
      samples: 2,
      storePath: join(folder, 'store.duckdb'),
    })

  it('is gone on with by the same prompts alone: neither another cut, nor a chat, nor other shares', async () => {
    const asked = { chat: true, maxSourceChars: 20, maxNewTokens: 4 }
    expect(await run(asked)).toMatchObject({ finished: 3, collected: 3 })
    expect(await run(asked)).toMatchObject({ finished: 3, collected: 0 })
    await expect(run({ ...asked, maxSourceChars: 21 })).rejects.toThrow('tasks.xlsum.maxSourceChars')
    await expect(run({ ...asked, chat: false })).rejects.toThrow('tasks.xlsum.chat')
    await expect(run({ ...asked, maxNewTokens: 5 })).rejects.toThrow('tasks.xlsum.maxNewTokens')
    await expect(run({ ...asked, splitShares: [1, 1, 0] })).rejects.toThrow('tasks.xlsum.splits')
  })
})
