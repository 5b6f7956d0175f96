import { type ChildProcess, spawn } from 'node:child_process'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { EDT_COMMAND, runEdt } from './testing/run-edt.js'

// Processes are slow to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 })

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** Starts `edt serve` and waits until it says where it listens. */
async function serve(args: readonly string[], env: Record<string, string> = {}) {
  const all = [...EDT_COMMAND.slice(1), 'serve', '--port', '0', '--tuner', 'universal-prompt', ...args]
  const child = spawn(EDT_COMMAND[0], all, { env: { ...process.env, ...env } })
  started.push(child)
  const written = { stdout: '', stderr: '' }
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text) => (written.stderr += text))
    child.stdout.setEncoding('utf8').on('data', (text) => {
      written.stdout += text
      const found = /http:\/\/[\d.]+:\d+/.exec(written.stdout)?.[0]
      if (found !== undefined && written.stdout.includes('\n')) resolve(found)
    })
    void ended.then(() => reject(new Error(`edt serve ended: ${written.stderr}`)))
  })
  return { child, url, ended, written }
}

describe('edt serve', () => {
  it('says where it listens with a command to paste, asks for the key, logs as JSON, and ends in order', async () => {
    const { child, url, ended, written } = await serve([], { EDT_API_KEY: 'sesame' })
    const { stdout } = written
    expect(stdout).toContain('-H "authorization: Bearer $EDT_API_KEY"')
    const body = /-d '(.*)'/.exec(stdout)![1]
    const ask = (headers: Record<string, string>) =>
      fetch(`${url}/v1/completions`, {
        ...{ method: 'POST', body },
        headers: { 'content-type': 'application/json', ...headers },
      })
    expect((await ask({})).status).toBe(401)
    const answer = await ask({ authorization: 'Bearer sesame' })
    expect(answer.status).toBe(200)
    const { choices } = (await answer.json()) as { choices: { text: string }[] }
    expect(choices[0].text).toMatch(/\w/)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(written.stderr).toContain('tuner universal-prompt (it ships with edt-tuner)')
    const log = written.stderr.split('\n').filter((line) => line.startsWith('{'))
    expect(log.map((line) => JSON.parse(line).msg)).toContain('request completed')
    expect(written.stderr).not.toMatch(/sesame|documentation/)
  })

  it('prints one JSON document with --json, and ends at once at the second signal', async () => {
    const { child, url, ended, written } = await serve(['--json', '--log-level', 'silent', '--grace', '60'])
    expect(JSON.parse(written.stdout)).toMatchObject({ url, model: { id: 'debian-6m' }, tuner: 'universal-prompt' })
    const prompt = 'Translate to French: Hello\nTranslation:'
    const long = { prompt, max_tokens: 400, temperature: 2, top_p: 1, stop: ['\u0000'], n: 100, stream: true }
    const response = await fetch(`${url}/v1/completions`, {
      ...{ method: 'POST', body: JSON.stringify(long), headers: { 'content-type': 'application/json' } },
    })
    expect(response.status).toBe(200)
    child.kill('SIGINT')
    await vi.waitFor(() => expect(written.stderr).toContain('again to stop at once'), 10_000)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    await response.text().catch(() => {})
  })

  it.each([
    [['--strategy', 'kld', '--temperature', '1', '--bandwidth', '1'], {}, /kld .* no request holds/],
    [[], { EDT_API_KEY: '' }, /EDT_API_KEY is empty/],
    [['--host', '203.0.113.7'], {}, /203\.0\.113\.7/],
  ])('refuses %j with %j in one sentence', async (args, env, message) => {
    const { code, stderr } = await runEdt(['serve', '--port', '0', '--log-level', 'silent', ...args], { env })
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })
})
