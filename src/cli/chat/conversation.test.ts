import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageModel, loadModel } from '../../lm/index.js'
import { generate } from '../../runtime/index.js'
import { embeddedPrompts, hasSmolLM2, skipNote, smolLM2Folder } from '../../testing/models.js'
import { Conversation } from './conversation.js'

const GREEDY = { strategy: { name: 'greedy' }, maxNewTokens: 8 } as const

async function textOf(conversation: Conversation, message: string, options: object = {}): Promise<string> {
  let text = ''
  for await (const chunk of conversation.answer(message, { ...GREEDY, ...options })) text += chunk.text
  return text
}

describe('Conversation', () => {
  it('answers each message alone with a model that has no chat template', async () => {
    const model = await loadModel('debian-6m', { threads: 1 })
    const conversation = new Conversation({ model })
    expect(conversation.remembers).toBe(false)
    for (const prompt of embeddedPrompts.slice(0, 2)) {
      expect(await textOf(conversation, prompt)).toBe((await generate(model, prompt, GREEDY)).text)
    }
    await model.dispose()
  })
})

describe.skipIf(!hasSmolLM2)(`Conversation with SmolLM2${skipNote}`, () => {
  let model: LanguageModel
  beforeAll(async () => {
    model = await loadModel(smolLM2Folder, { threads: 1 })
  }, 180_000)
  afterAll(() => model.dispose())

  it('shows the model what was said before, until it is reset', async () => {
    const conversation = new Conversation({ model, system: 'You are brief.' })
    const system = { role: 'system', content: 'You are brief.' } as const
    const user = (content: string) => ({ role: 'user', content }) as const
    const first = await textOf(conversation, 'Say hello.')
    expect(first).toBe((await generate(model, [system, user('Say hello.')], GREEDY)).text)
    const history = [system, user('Say hello.'), { role: 'assistant', content: first } as const, user('Again.')]
    expect(await textOf(conversation, 'Again.')).toBe((await generate(model, history, GREEDY)).text)
    conversation.reset()
    expect(await textOf(conversation, 'Say hello.')).toBe(first)
  }, 180_000)

  it('forgets the oldest messages where the context is full', async () => {
    const conversation = new Conversation({ model })
    await textOf(conversation, 'Say hello.')
    const most = { maxNewTokens: model.contextLength - 45 }
    const answering = conversation.answer('Say hello.', { ...GREEDY, ...most })
    expect(await answering.next()).toMatchObject({ value: { type: 'start' } })
    await answering.return(undefined)
    expect(conversation.forgotten).toBe(2)
    await expect(textOf(conversation, 'Say hello.', { maxNewTokens: model.contextLength })).rejects.toThrow(/context/)
  }, 180_000)
})
