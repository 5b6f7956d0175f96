import { afterEach } from 'vitest'
import { type AppOptions, buildServer } from '../app.js'
import { FakeBackend } from './fake-backend.js'

/** A prompt that says nothing about the test. */
export const prompt = 'Translate to French: Hello\nTranslation:'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** The routes in front of a model that answers at once, asked in process; closed after the test. */
export async function serve(options: AppOptions = {}, backend = new FakeBackend()) {
  const { app, admission } = await buildServer(backend, options)
  closers.push(() => app.close())
  return {
    app,
    admission,
    backend,
    post: (payload: object | string, url = '/v1/completions', headers: Record<string, string> = {}) =>
      app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } }),
  }
}
