import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EdtError, OutOfMemoryError } from '../errors.js'
import { packageRoot } from '../package-root.js'
import { ModelProcessDiedError } from './model/model-process.js'
import { FakeBackend, fakeModel } from './testing/fake-backend.js'
import { prompt, serve } from './testing/serve.js'

describe('what a request means', () => {
  it('leaves the temperature to the server where the request does not say', async () => {
    const { post, backend } = await serve({ choice: { t0: 0.6, theta: 0.1 } })
    expect((await post({ prompt })).statusCode).toBe(200)
    expect(backend.asked[0].options).toMatchObject({ t0: 0.6, theta: 0.1, samples: 1 })
  })

  it.each([
    [0.7, { name: 'fixed', temperature: 0.7 }],
    [0, { name: 'greedy' }],
  ])('takes temperature %s for a fixed one', async (temperature, strategy) => {
    const { post, backend } = await serve()
    await post({ prompt, temperature, top_p: 1, seed: 3, n: 2, stop: '\n', max_tokens: 9 })
    expect(backend.asked[0].options).toMatchObject({
      ...{ strategy, topP: 1, seed: 3, samples: 2, stop: ['\n'], maxNewTokens: 9 },
    })
  })

  it('reads the field edt: values by hand, a balance, bounds, a trace', async () => {
    const { post, backend } = await serve({}, new FakeBackend(undefined, fakeModel({ tuner: tunerMetadata() })))
    const edt = { balance: 0.8, t0_range: [0.2, 1], theta_range: [0, 3], trace: true, alternatives: 3 }
    await post({ prompt, edt })
    const asked = { balance: 0.8, t0Range: [0.2, 1], thetaRange: [0, 3], trace: true, alternatives: 3 }
    expect(backend.asked[0].options).toMatchObject(asked)
    await post({ prompt, edt: { t0: 1, theta: 2, base: 0.7 } })
    expect(backend.asked[1].options).toMatchObject({ t0: 1, theta: 2, base: 0.7, trace: false })
  })

  it('joins the parts of a chat message and takes developer for system', async () => {
    const { post, backend } = await serve()
    const content = [
      { type: 'text', text: 'Hello ' },
      { type: 'text', text: 'world' },
    ]
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content },
    ]
    await post({ messages, max_completion_tokens: 5, max_tokens: 7 }, '/v1/chat/completions')
    expect(backend.asked[0]).toMatchObject({
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello world' },
      ],
      options: { maxNewTokens: 5 },
    })
  })

  it('takes null for absent, and lets through fields that it does not know', async () => {
    const { post, backend } = await serve({ choice: { t0: 0.6, theta: 0.1 } })
    const nothing = { temperature: null, seed: null, n: null, stop: null, edt: null, logprobs: null, user: 'somebody' }
    expect((await post({ prompt, ...nothing, store: false, metadata: { a: 'b' } })).statusCode).toBe(200)
    expect(backend.asked[0].options).toMatchObject({ t0: 0.6, theta: 0.1, samples: 1 })
  })
})

describe('what is wrong with a request is one sentence in the shape of OpenAI', () => {
  it.each([
    [{}, 'prompt', /prompt: expected a text.*, but found nothing/],
    [{ prompt: [1, 2, 3] }, 'prompt', /token ids are not supported/],
    [{ prompt, n: 0 }, 'n', /n: expected/],
    [{ prompt, n: 1.5 }, 'n', /n: expected a whole number/],
    [{ prompt, temperature: -1 }, 'temperature', /temperature: expected at least 0, but found -1\.$/],
    [{ prompt, temperature: 'hot' }, 'temperature', /temperature: expected a number/],
    [{ prompt, top_p: 0 }, 'top_p', /top_p: expected/],
    [{ prompt, max_tokens: 0 }, 'max_tokens', /max_tokens: expected/],
    [{ prompt, max_tokens: 4000 }, 'max_tokens', /at most 2048/],
    [{ prompt, seed: -1 }, 'seed', /seed: expected/],
    [{ prompt, logprobs: 21 }, 'logprobs', /logprobs: expected at most 20/],
    [{ prompt, stop: [], n: 'many' }, 'n', /n: expected .*, but found "many"/],
    [{ prompt, stop: [''] }, 'stop.0', /stop.0: /],
    [{ prompt, stream: 'yes' }, 'stream', /stream: expected true or false/],
    [{ prompt, presence_penalty: 0.5 }, 'presence_penalty', /not supported/],
    [{ prompt, best_of: 3 }, 'best_of', /not supported/],
    [{ prompt, edt: 'automatic' }, 'edt', /edt: expected "auto"/],
    [{ prompt, edt: { balanse: 0.5 } }, 'edt', /edt: /],
    [{ prompt, edt: { balance: 0.5 } }, 'edt', /has no tuner/],
    [{ prompt, edt: { t0: 1 } }, 'edt', /give t0 and theta/],
    [[], null, /body: expected/],
  ])('%j', async (body, param, message) => {
    const { post, backend } = await serve()
    const response = await post(body)
    expect(response.statusCode).toBe(400)
    const { error } = response.json()
    expect(error).toMatchObject({ param, type: 'invalid_request_error' })
    expect(error.message).toMatch(message)
    expect(backend.asked).toHaveLength(0)
  })

  it.each([
    [{ messages: [] }, /messages: expected at least one/],
    [{ messages: [{ role: 'tool', content: 'x' }] }, /role: expected system/],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }, /messages.0.content/],
    [{ messages: [{ role: 'user', content: 'x' }], top_logprobs: 2 }, /top_logprobs: expected logprobs/],
    [{ messages: [{ role: 'user', content: 'x' }], tools: [{}] }, /tools are not supported/],
    [{ messages: [{ role: 'user', content: 'x' }], response_format: { type: 'json_object' } }, /only "text"/],
  ])('of a chat: %j', async (body, message) => {
    const { post } = await serve()
    const response = await post(body, '/v1/chat/completions')
    expect(response.statusCode).toBe(400)
    expect(response.json().error.message).toMatch(message)
  })

  it('a model that is not served', async () => {
    const { post, app } = await serve()
    const response = await post({ prompt, model: 'gpt-4o' })
    expect(response.statusCode).toBe(404)
    expect(response.json().error).toMatchObject({ code: 'model_not_found', param: 'model' })
    expect((await post({ prompt, model: 'fake-1b' })).statusCode).toBe(200)
    expect((await app.inject('/v1/models/org/fake-1b')).json().id).toBe('org/fake-1b')
    expect((await app.inject('/v1/models/gpt-4o')).statusCode).toBe(404)
  })

  it('a chat with a model that has no chat template', async () => {
    const { post } = await serve({}, new FakeBackend(undefined, fakeModel({ hasChatTemplate: false })))
    const response = await post({ messages: [{ role: 'user', content: 'x' }] }, '/v1/chat/completions')
    expect(response.statusCode).toBe(400)
    expect(response.json().error).toMatchObject({ code: 'no_chat_template' })
  })

  it('a prompt of more characters than its context can hold, before it costs the model any time', async () => {
    const { post, backend } = await serve()
    const response = await post({ prompt: 'a'.repeat(512 * 16 + 1) })
    expect(response.statusCode).toBe(400)
    expect(response.json().error).toMatchObject({ code: 'context_length_exceeded' })
    const messages = [{ role: 'user', content: 'a'.repeat(512 * 16 + 1) }]
    expect((await post({ messages }, '/v1/chat/completions')).statusCode).toBe(400)
    expect(backend.asked).toHaveLength(0)
  })

  it('what the model says is the user’s mistake, and what is not', async () => {
    const failing = (error: Error) => new FakeBackend(() => Promise.reject(error))
    const mistake = await serve({}, failing(new EdtError('The prompt is empty.')))
    const response = await mistake.post({ prompt })
    expect(response.statusCode).toBe(400)
    expect(response.json().error.message).toBe('The prompt is empty.')
    const fault = await serve({}, failing(new TypeError('x is undefined at /home/somebody/secret.ts')))
    const hidden = await fault.post({ prompt })
    expect(hidden.statusCode).toBe(500)
    expect(hidden.body).not.toContain('secret')
    const death = await serve({}, failing(new ModelProcessDiedError('signal SIGKILL', '')))
    const gone = await death.post({ prompt })
    expect(gone.statusCode).toBe(503)
    expect(Number(gone.headers['retry-after'])).toBeGreaterThan(0)
    const full = await serve({}, failing(new OutOfMemoryError('std::bad_alloc')))
    const later = await full.post({ prompt })
    expect(later.statusCode).toBe(503)
    expect(later.json().error).toMatchObject({ code: 'out_of_memory', type: 'service_unavailable' })
  })
})

/** What the shipped tuner says of itself. */
function tunerMetadata() {
  return JSON.parse(readFileSync(join(packageRoot(), 'checkpoints', 'debian-6m', 'universal', 'tuner.json'), 'utf8'))
}
