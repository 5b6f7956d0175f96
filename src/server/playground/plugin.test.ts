import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selfBleu } from '../../metrics/index.js'
import { packageRoot } from '../../package-root.js'
import { embeddedTaskNames, openTask } from '../../tasks/index.js'
import { loadTuner, type TunerMetadata } from '../../tuner/index.js'
import { buildServer } from '../app.js'
import { FakeBackend } from '../testing/fake-backend.js'
import { playground } from './plugin.js'
import { compiledPage } from './testing/served-page.js'

type App = Awaited<ReturnType<typeof buildServer>>['app']

const model = { id: 'debian-6m', dtype: 'q8', device: 'cpu', hasChatTemplate: false }
let tuner: TunerMetadata
let app: App

async function serve(options: { tuner?: TunerMetadata; compiled?: string; apiKey?: string }): Promise<App> {
  const { app } = await buildServer(new FakeBackend(), { playground: false, apiKey: options.apiKey })
  await app.register(playground, {
    model: { ...model, tuner: options.tuner },
    compiled: options.compiled ?? compiledPage(),
  })
  return app
}

beforeAll(async () => {
  tuner = (await loadTuner('debian-6m/universal')).metadata
  app = await serve({ tuner })
})
afterAll(() => app.close())

const score = (body: object, headers = {}) =>
  app.inject({ method: 'POST', url: '/playground/self-bleu', payload: body, headers })

describe('the playground’s routes', () => {
  it('serve the page and everything that it asks for, and answer 304 when nothing has changed', async () => {
    const page = await app.inject('/')
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    const addresses = [...page.body.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, address]) => address)
    expect(addresses.length).toBeGreaterThan(4)
    for (const address of addresses) {
      const { statusCode, headers } = await app.inject(address)
      expect([address, statusCode]).toEqual([address, 200])
      const again = await app.inject({ url: address, headers: { 'if-none-match': headers.etag as string } })
      expect([again.statusCode, again.body]).toEqual([304, ''])
    }
  })

  it('serve every module that a module imports', async () => {
    const seen = new Set<string>()
    const follow = async (address: string): Promise<void> => {
      if (seen.has(address)) return
      seen.add(address)
      const { statusCode, headers, body } = await app.inject(address)
      expect([address, statusCode, headers['content-type']]).toEqual([address, 200, 'text/javascript; charset=utf-8'])
      for (const [, path] of body.matchAll(/^(?:import|export) .*?from '(.+?)';?$/gm)) {
        await follow(new URL(path, `http://x${address}`).pathname)
      }
    }
    await follow('/playground/app/server/playground/page/main.js')
    expect(seen.size).toBeGreaterThan(20)
  })

  it('serve nothing else of the machine', async () => {
    for (const path of [
      'app/../../../package.json',
      'app/%2e%2e/%2e%2e/package.json',
      'page/main.ts',
      'tsconfig.json',
    ]) {
      expect((await app.inject(`/playground/${path}`)).statusCode).toBe(404)
    }
  })

  it('tell model, tuner and tasks', async () => {
    const settings = (await app.inject('/playground/settings')).json()
    expect(settings.model).toEqual(model)
    expect(settings.tuner.balance).toEqual({ least: 0.05, most: 0.95, usual: 0.5 })
    expect(Object.keys(settings.tuner.surfaces)).toEqual(tuner.tasks)
    expect(settings.tuner.surfaces.answer.bestQuality).toBe(tuner.references.answer.bestQuality)
    expect(settings.tasks.map(({ name }: { name: string }) => name)).toEqual(embeddedTaskNames())
  })

  it('tell a server without a tuner apart, and tasks of another model that come without examples', async () => {
    const bare = await serve({})
    expect((await bare.inject('/playground/settings')).json()).not.toHaveProperty('tuner')
    const other = await serve({ tuner: (await loadTuner('SmolLM2-135M-Instruct/universal')).metadata })
    const { tasks } = (await other.inject('/playground/settings')).json()
    expect(tasks[0]).toEqual({ name: 'msmarco', description: '', examples: false })
    expect(tasks.at(-1)).toMatchObject({ name: 'translate-fr', examples: true })
    await Promise.all([bare.close(), other.close()])
  })

  it('hand out prompts of a task’s test split, and of embedded tasks alone', async () => {
    const { examples } = (await app.inject('/playground/examples?task=answer')).json()
    const [first] = await (await openTask('answer')).examples('test', 1)
    expect(examples[0]).toEqual({ id: first.id, prompt: first.prompt, references: first.references })
    for (const query of ['', '?task=..%2F..', '?task=%2Fetc']) {
      const { statusCode, body } = await app.inject(`/playground/examples${query}`)
      expect(statusCode).toBe(400)
      expect(JSON.parse(body).error.message).toContain('expected one of answer, describe')
    }
  })

  it('compute Self-BLEU as the library does, cut into words as the task’s training did', async () => {
    const texts = ['这个软件包包含文档', '这个软件包有文档', '文档']
    const expected = selfBleu(texts)
    expect((await score({ texts })).json()).toEqual({ score: expected.score, signature: expected.signature })
    const chinese = await serve({ tuner: (await loadTuner('SmolLM2-135M-Instruct/universal')).metadata })
    const payload = { texts, task: 'wmt19-en-zh' }
    const { signature } = (await chinese.inject({ method: 'POST', url: '/playground/self-bleu', payload })).json()
    expect(signature).toBe(selfBleu(texts, { tokenize: 'zh' }).signature)
    await chinese.close()
  })

  it('refuse what is no list of answers', async () => {
    for (const body of [{}, { texts: ['one'] }, { texts: 'one' }, { texts: Array(65).fill('x') }]) {
      expect((await score(body)).statusCode).toBe(400)
    }
  })

  it('are open where they must be, and behind the key where they cost time', async () => {
    const guarded = await serve({ tuner, apiKey: 'secret' })
    for (const url of ['/', '/playground/base.css', '/playground/settings', '/playground/examples?task=answer']) {
      expect([url, (await guarded.inject(url)).statusCode]).toEqual([url, 200])
    }
    const request = { method: 'POST', url: '/playground/self-bleu', payload: { texts: ['a', 'b'] } } as const
    expect((await guarded.inject(request)).statusCode).toBe(401)
    const headers = { authorization: 'Bearer secret' }
    expect((await guarded.inject({ ...request, headers })).statusCode).toBe(200)
    await guarded.close()
  })

  it('say what to do where the page was not built, and leave the API alone', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'edt-empty-'))
    const bare = await serve({ compiled: empty })
    const { statusCode, body } = await bare.inject('/')
    expect(statusCode).toBe(503)
    expect(JSON.parse(body).error.message).toContain('npm run build')
    expect((await bare.inject('/v1/models')).statusCode).toBe(200)
    await bare.close()
    rmSync(empty, { recursive: true })
  })

  it('have no inline script or style in the page', () => {
    const html = readFileSync(join(packageRoot(), 'src/server/playground/page/index.html'), 'utf8')
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/)
    expect(html).not.toMatch(/https?:/)
  })
})
