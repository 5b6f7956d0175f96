import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

const binary = process.env.EDT_REDIS ?? 'redis-server'

/** Tests that need a Redis of their own skip, visibly, where there is none. */
export const hasRedis = spawnSync(binary, ['--version']).status === 0
export const redisNote = hasRedis ? '' : ' (SKIPPED: redis-server is not installed; EDT_REDIS may name it)'

/** A Redis on a free port, with a folder of its own; it can be killed and started again. */
export class TestRedis {
  #child: ChildProcess | undefined

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly flags: readonly string[],
  ) {}

  static async start(...flags: string[]): Promise<TestRedis> {
    const redis = new TestRedis(await mkdtemp(join(tmpdir(), 'edt-redis-')), await freePort(), flags)
    await redis.up()
    return redis
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async up(): Promise<void> {
    const flags = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--dir', this.folder, ...this.flags]
    this.#child = spawn(binary, flags, { stdio: 'ignore' })
    const probe = new Redis(this.port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: null })
    probe.on('error', () => undefined)
    // One that wants a password is up when it says so.
    await probe.ping().catch(() => undefined)
    probe.disconnect()
  }

  async kill(): Promise<void> {
    const child = this.#child!
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'close')
  }

  async remove(): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** A port of this machine that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
