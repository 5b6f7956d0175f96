import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort, hasRedis, redisNote, TestRedis } from '../../training/queue/testing/redis.js'
import { EDT_COMMAND, runEdt } from './testing/run-edt.js'

// Processes are slow to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-queue-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const env = { EDT_QUEUE: '' }

describe('edt worker', () => {
  it.each([
    [['worker'], /^edt: Say where the queue is: --queue redis:\/\/host:6379, or the variable EDT_QUEUE\.$/m],
    [['worker', '--queue', 'http://x'], /expected a URL such as redis:\/\/localhost:6379/],
    [['worker', '--queue', 'redis://:secret@127.0.0.1:1'], /no Redis answers there/],
    [['collect', '--status', '--out', 'x'], /Say where the queue is/],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stderr } = await runEdt(args, { env })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('secret')
    expect(code).toBe(2)
  })
})

describe.skipIf(!hasRedis)(`a run over a queue${redisNote}`, () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await TestRedis.start('--save', '')
  })
  afterAll(() => redis.remove())

  it('has the store of a local run; the worker ends in order, and the status tells how the run is doing', async () => {
    const queued = { env: { EDT_QUEUE: redis.url } }
    const worker = spawn(EDT_COMMAND[0], [...EDT_COMMAND.slice(1), 'worker', '--concurrency', '1'], {
      env: { ...process.env, ...queued.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let told = ''
    worker.stderr.setEncoding('utf8').on('data', (text) => (told += text))
    const small = ['--train-prompts', '3', '--validation-prompts', '1', '--grid-t0', '0.5,1', '--grid-theta', '0']
    const collect = (out: string) => [
      'collect',
      '--task',
      'answer',
      ...small,
      '--samples',
      '2',
      '--out',
      join(folder, out),
    ]
    const over = await runEdt(collect('queued'), queued)
    expect(over.stdout).toContain('4 of 4 prompts collected')
    const status = await runEdt(['collect', '--status', '--json', '--out', join(folder, 'queued')], queued)
    expect(JSON.parse(status.stdout)).toMatchObject({ workers: 1, waiting: 0, progress: { done: 4, total: 4 } })
    const ended = new Promise((resolve) => worker.on('close', resolve))
    worker.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(told).toMatch(/waiting for jobs in edt-rollouts at redis:/)
    expect(told).toMatch(/^Ended: 4 jobs done, 0 failed tries, 0 left to others\.$/m)
    await runEdt(collect('local'), { env })
    const digest = async (out: string) =>
      JSON.parse((await runEdt(['inspect', join(folder, out), '--json'])).stdout).store
    expect((await digest('queued')).digest).toBe((await digest('local')).digest)
  })
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const tlsNote = hasRedis && !hasOpenssl ? ' (SKIPPED: openssl is not installed)' : redisNote

describe.skipIf(!hasRedis || !hasOpenssl)(`a queue over TLS${tlsNote}`, () => {
  let redis: TestRedis
  let url: string
  const certificate = () => join(folder, 'certificate.pem')
  beforeAll(async () => {
    const [key, port] = [join(folder, 'key.pem'), await freePort()]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate(), ...subject]
    expect(spawnSync('openssl', made).status).toBe(0)
    const files = ['--tls-cert-file', certificate(), '--tls-key-file', key, '--tls-auth-clients', 'no']
    redis = await TestRedis.start('--save', '', '--tls-port', `${port}`, ...files)
    url = `rediss://localhost:${port}`
  })
  afterAll(() => redis.remove())

  const status = () => ['collect', '--status', '--out', join(folder, 'none'), '--queue', url]

  it('is reached when its certificate is trusted', async () => {
    const { code, stdout } = await runEdt(status(), { env: { NODE_EXTRA_CA_CERTS: certificate() } })
    expect(stdout).toContain('edt-rollouts: 0 workers')
    expect(code).toBe(0)
  })

  it('is refused when it is not', async () => {
    const { code, stderr } = await runEdt(status(), { env: { NODE_EXTRA_CA_CERTS: '' } })
    expect(stderr).toMatch(/the TLS connection fails \(self[- ]signed certificate\)/)
    expect(code).toBe(2)
  })
})
