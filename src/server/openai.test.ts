import OpenAI, { BadRequestError, NotFoundError } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedPrompts, hasSmolLM2, skipNote, smolLM2Folder } from '../testing/models.js'
import { type RunningServer, startServer } from './start.js'
import { hold, LONG, letGo, loadReference, metric, type Reference, serveEmbedded } from './testing/embedded.js'
import { until } from './testing/until.js'

let server: RunningServer
let client: OpenAI
let reference: Reference
beforeAll(async () => {
  ;[server, reference] = await Promise.all([serveEmbedded(), loadReference()])
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 })
})
afterAll(() => Promise.all([server.close(), reference.dispose()]))

const [prompt] = embeddedPrompts
const model = 'debian-6m'
/** What this server adds to OpenAI's types. */
interface Edt {
  edt: {
    t0: number
    theta: number
    balance: number
    chosen_by: string
    seed: number
    mean_entropy: number
    mean_temperature: number
    trace?: { text: string; entropy: number; temperature: number; nucleus_size: number; alternatives?: object[] }[]
  }
}

describe('an answer', () => {
  it('equals that of generate() for a seed, and tells what was chosen', async () => {
    const expected = await reference.generate(prompt, { seed: 5 })
    const answer = await client.completions.create({ model, prompt, seed: 5 })
    expect(answer.choices[0].text).toBe(expected.text)
    expect(answer.choices[0].finish_reason).toBe('stop')
    expect(answer.usage).toEqual({
      prompt_tokens: expected.promptTokens,
      completion_tokens: expected.newTokens,
      total_tokens: expected.promptTokens + expected.newTokens,
    })
    const { edt } = answer as typeof answer & Edt
    expect(edt).toMatchObject({ chosen_by: 'tuner', balance: 0.5, seed: 5 })
    expect(edt.t0).toBeCloseTo(expected.t0!, 5)
    expect(edt.theta).toBeCloseTo(expected.theta!, 5)
    expect(edt.mean_entropy).toBeCloseTo(expected.samples[0].meanEntropy, 5)
  })

  it('has n choices, streamed or not, equal to the samples of generate()', async () => {
    const expected = await reference.texts(prompt, { seed: 11, samples: 4 })
    expect(new Set(expected).size).toBeGreaterThan(1)
    const whole = await client.completions.create({ model, prompt, seed: 11, n: 4 })
    expect(whole.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(whole.choices.map(({ text }) => text)).toEqual(expected)
    const texts = ['', '', '', '']
    const finished: (string | null)[] = []
    for await (const chunk of await client.completions.create({ model, prompt, seed: 11, n: 4, stream: true })) {
      for (const { index, text, finish_reason: reason } of chunk.choices) {
        texts[index] += text
        if (reason !== null) finished[index] = reason
      }
    }
    expect(texts).toEqual(expected)
    expect(finished).toHaveLength(4)
  })

  it('to several prompts has the choices of each in turn', async () => {
    const prompts = embeddedPrompts.slice(0, 3)
    const { choices, usage } = await client.completions.create({ model, prompt: prompts, seed: 2, n: 2 })
    const expected = await Promise.all(prompts.map((one) => reference.texts(one, { seed: 2, samples: 2 })))
    expect(choices.map(({ text }) => text)).toEqual(expected.flat())
    expect(usage!.prompt_tokens).toBe(prompts.reduce((sum, one) => sum + reference.model.encode(one).length, 0))
  })

  it('streams the same text as it answers whole, with usage when asked for', async () => {
    const asked = { model, prompt, seed: 8, stream: true, stream_options: { include_usage: true } } as const
    let text = ''
    let usage: OpenAI.CompletionUsage | null | undefined
    let pieces = 0
    for await (const chunk of await client.completions.create(asked)) {
      text += chunk.choices[0]?.text ?? ''
      pieces++
      usage = chunk.usage ?? usage
    }
    const expected = await reference.generate(prompt, { seed: 8 })
    expect(text).toBe(expected.text)
    expect(pieces).toBeGreaterThan(expected.newTokens)
    expect(usage).toMatchObject({ prompt_tokens: expected.promptTokens, completion_tokens: expected.newTokens })
  })
})

describe('the temperature', () => {
  it('is fixed when the client gives one, and 0 is greedy', async () => {
    const strategy = { name: 'fixed', temperature: 0.9 } as const
    const options = { strategy, seed: 4, stop: ['\n'] }
    const fixed = await client.completions.create({ model, prompt, seed: 4, temperature: 0.9, stop: '\n' })
    expect(fixed.choices[0].text).toBe((await reference.generate(prompt, options)).text)
    const greedy = () => client.completions.create({ model, prompt, temperature: 0, n: 2 })
    const { choices } = await greedy()
    expect(choices[0].text).toBe(choices[1].text)
    expect((await greedy()).choices[0].text).toBe(choices[0].text)
  })

  it('follows the field edt: a balance, values by hand, bounds', async () => {
    const ask = async (edt: object | string) => {
      const extended = { model, prompt, seed: 3, edt } as OpenAI.CompletionCreateParamsNonStreaming
      const answer = await client.completions.create(extended)
      return { text: answer.choices[0].text, ...(answer as typeof answer & Edt).edt }
    }
    const quality = await ask({ balance: 0.9 })
    const expected = await reference.generate(prompt, { seed: 3, balance: 0.9 })
    expect(quality).toMatchObject({ text: expected.text, balance: 0.9, chosen_by: 'tuner' })
    expect(quality.t0).not.toBeCloseTo((await ask('auto')).t0, 3)
    expect(await ask({ t0: 0.6, theta: 0.1 })).toMatchObject({ t0: 0.6, theta: 0.1, chosen_by: 'user' })
    expect(await ask({ theta: 0.1 })).toMatchObject({ theta: 0.1, chosen_by: 'tuner and user' })
    expect((await ask({ t0_range: [0, 0.25] })).t0).toBeLessThanOrEqual(0.25)
  })
})

describe('log-probabilities and traces', () => {
  it('are the model’s own, whatever the temperature', async () => {
    const asked = { model, prompt, seed: 6, logprobs: 3 }
    const [cold, warm] = await Promise.all(
      [0, 1.3].map((temperature) => client.completions.create({ ...asked, temperature })),
    )
    expect(warm.choices[0].logprobs!.top_logprobs![0]).toEqual(cold.choices[0].logprobs!.top_logprobs![0])
    const { tokens, token_logprobs: logprobs, text_offset: offsets } = cold.choices[0].logprobs!
    expect(tokens!.join('')).toBe(cold.choices[0].text)
    expect(logprobs!.every((value) => value <= 0)).toBe(true)
    expect(offsets![1]).toBe(tokens![0].length)
    const { trace } = await reference.generate(prompt, { strategy: { name: 'greedy' }, alternatives: 3 })
    expect(logprobs).toEqual(trace!.slice(0, tokens!.length).map(({ logprob }) => expect.closeTo(logprob, 4)))
  })

  it('of a stream are those of the whole answer', async () => {
    const asked = { model, prompt, seed: 6, logprobs: 2, edt: { trace: true, alternatives: 4 } }
    const whole = await client.completions.create(asked)
    const tokens: string[] = []
    const trace: NonNullable<Edt['edt']['trace']> = []
    for await (const chunk of await client.completions.create({ ...asked, stream: true })) {
      for (const choice of chunk.choices as (OpenAI.CompletionChoice & Partial<Edt>)[]) {
        tokens.push(...(choice.logprobs?.tokens ?? []))
        trace.push(...(choice.edt?.trace ?? []))
      }
    }
    expect(tokens).toEqual(whole.choices[0].logprobs!.tokens)
    const [choice] = whole.choices as (OpenAI.CompletionChoice & Edt)[]
    expect(trace.map(({ text }) => text)).toEqual(choice.edt.trace!.map(({ text }) => text))
    expect(trace[0]).toMatchObject({ entropy: expect.any(Number), nucleus_size: expect.any(Number) })
    expect(trace[0].alternatives).toHaveLength(4)
  })
})

describe('the end of an answer', () => {
  it('is a stop string, which is not part of it', async () => {
    const plain = await client.completions.create({ model, prompt, seed: 5 })
    const word = plain.choices[0].text.split(' ').at(-1)!.slice(0, 4)
    const cut = await client.completions.create({ model, prompt, seed: 5, stop: [word, '\n'] })
    expect(cut.choices[0]).toMatchObject({ finish_reason: 'stop' })
    expect(cut.choices[0].text).toBe(plain.choices[0].text.slice(0, plain.choices[0].text.indexOf(word)))
    let streamed = ''
    const asked = { model, prompt, seed: 5, stop: [word, '\n'] }
    const stream = await client.completions.create({ ...asked, stream: true })
    for await (const chunk of stream) streamed += chunk.choices[0].text
    expect(streamed).toBe(cut.choices[0].text)
  })

  it('is the limit of tokens', async () => {
    const { choices, usage } = await client.completions.create({ model, prompt, seed: 5, max_tokens: 2 })
    expect(choices[0].finish_reason).toBe('length')
    expect(usage!.completion_tokens).toBe(2)
  })

  it('is the client’s leaving, which frees the model', async () => {
    const stream = await client.completions.create({ model, ...LONG, stream: true })
    for await (const _ of stream) break // leaving the loop aborts the request
    hold(server)
    const leaving = new AbortController()
    const whole = client.completions.create({ model, ...LONG, n: 3 }, { signal: leaving.signal })
    await until(async () => (await metric(server.url, 'edt_rows')) >= 3)
    leaving.abort()
    await expect(whole).rejects.toThrow(OpenAI.APIUserAbortError)
    letGo(server)
    await until(async () => (await metric(server.url, 'edt_rows')) === 0)
  })
})

describe('models and mistakes', () => {
  it('lists the one model with its tuner', async () => {
    const { data } = await client.models.list()
    expect(data).toMatchObject([{ id: model, object: 'model', edt: { tuner: { name: 'universal-prompt' } } }])
    expect((await client.models.retrieve(model)).id).toBe(model)
  })

  it('come as the client’s own classes of errors', async () => {
    await expect(client.completions.create({ model: 'gpt-4o', prompt })).rejects.toThrow(NotFoundError)
    const long = client.completions.create({ model, prompt: 'word '.repeat(700) })
    await expect(long).rejects.toThrow(BadRequestError)
    await expect(long).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' })
    const streamed = client.completions.create({ model, prompt: 'word '.repeat(700), stream: true })
    await expect(streamed).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' })
    const chat = client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello' }] })
    await expect(chat).rejects.toMatchObject({ status: 400, code: 'no_chat_template' })
  })
})

describe.skipIf(!hasSmolLM2)(`a chat with SmolLM2${skipNote}`, () => {
  it('answers whole and streamed alike, with log-probabilities', async () => {
    const chatServer = await startServer({ model: smolLM2Folder, port: 0, choice: { t0: 0.6, theta: 0.1 } })
    try {
      const chat = new OpenAI({ baseURL: `${chatServer.url}/v1`, apiKey: 'none', maxRetries: 0 }).chat.completions
      const messages = [{ role: 'user', content: 'Name a colour.' }] as const
      const asked = { model: chatServer.model.id, messages: [...messages], seed: 1, max_completion_tokens: 8 }
      const whole = await chat.create({ ...asked, logprobs: true, top_logprobs: 2 })
      const [{ message, logprobs }] = whole.choices
      expect(message).toMatchObject({ role: 'assistant', content: expect.stringMatching(/\w/) })
      expect(logprobs!.content!.map(({ token }) => token).join('')).toBe(message.content)
      expect(logprobs!.content![0].top_logprobs).toHaveLength(2)
      const streamed = await chat.stream({ ...asked }).finalChatCompletion()
      expect(streamed.choices[0].message.content).toBe(message.content)
      expect(streamed.choices[0].message.role).toBe('assistant')
    } finally {
      await chatServer.close()
    }
  })
})
