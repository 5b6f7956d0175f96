import type { RedisOptions } from 'bullmq'
import { Redis } from 'ioredis'
import { QueueConnectionError } from './errors.js'

/** The URL as it may be shown: without the password. */
export function shownUrl(url: string): string {
  try {
    const shown = new URL(url)
    if (shown.password !== '') shown.password = '***'
    return shown.toString()
  } catch {
    return url.replace(/\/\/.*@/, '//***@')
  }
}

/**
 * Options of ioredis for a URL: `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS.
 * @throws {QueueConnectionError} for another kind of URL
 */
export function redisOptions(url: string): RedisOptions {
  const expected = 'expected a URL such as redis://localhost:6379 or rediss://user:password@host:6380/0.'
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new QueueConnectionError(shownUrl(url), expected)
  }
  const { protocol, hostname, port, username, password, pathname } = parsed
  const database = pathname === '' || pathname === '/' ? 0 : Number(pathname.slice(1))
  if (!['redis:', 'rediss:'].includes(protocol) || hostname === '' || !Number.isInteger(database) || database < 0) {
    throw new QueueConnectionError(shownUrl(url), expected)
  }
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    db: database,
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  }
}

/** Longest pause between tries to get a lost connection back, in ms. */
const LONGEST_PAUSE = 5_000
const CONNECT_TIMEOUT = 10_000

/**
 * Connects once, so that a wrong address or password is told at once; afterwards a lost connection is waited for.
 * @returns what BullMQ connects with
 * @throws {QueueConnectionError}
 */
export async function checkConnection(url: string): Promise<RedisOptions> {
  const options = redisOptions(url)
  const probe = new Redis({
    ...options,
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: CONNECT_TIMEOUT,
    maxRetriesPerRequest: 0,
  })
  let lastError: Error | undefined
  probe.on('error', (error) => {
    lastError = error
  })
  try {
    await probe.connect()
    const policy = (await probe.config('GET', 'maxmemory-policy').catch(() => [])) as string[]
    if (policy[1] !== undefined && policy[1] !== 'noeviction') {
      throw new QueueConnectionError(
        shownUrl(url),
        `Redis may drop jobs when its memory is full (maxmemory-policy is ${policy[1]}); set it to noeviction.`,
      )
    }
  } catch (error) {
    if (error instanceof QueueConnectionError) throw error
    throw new QueueConnectionError(shownUrl(url), explain(lastError ?? (error as Error)))
  } finally {
    probe.disconnect()
  }
  return {
    ...options,
    // BullMQ's own demand: commands wait for a lost connection instead of failing.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(LONGEST_PAUSE, 100 * 2 ** Math.min(times, 10)),
  }
}

function explain({ message, code }: Error & { code?: string }): string {
  const text = `${code ?? ''} ${message}`
  if (/WRONGPASS|invalid (username|password)/i.test(text)) return 'Redis refuses this user or password; check the URL.'
  if (/NOAUTH/.test(text)) return 'Redis wants a password; put it into the URL: redis://:PASSWORD@host.'
  if (/NOPERM/.test(text)) return `this user of Redis may not do what a queue needs (${message}).`
  if (/ECONNREFUSED/.test(text)) return 'no Redis answers there; start it, or correct host and port.'
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return 'there is no host of this name; correct the URL.'
  if (/ETIMEDOUT|timeout/i.test(text)) return 'the host does not answer in time; check address and firewall.'
  if (/certificate|SSL|TLS/i.test(text))
    return `the TLS connection fails (${message}); NODE_EXTRA_CA_CERTS names the certificate of a private authority, and a Redis without TLS is redis://.`
  return `Redis cannot be reached: ${message || 'the connection was closed'}.`
}
