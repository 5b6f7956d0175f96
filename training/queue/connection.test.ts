import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkConnection } from './connection.js'
import { hasRedis, redisNote, TestRedis } from './testing/redis.js'

describe.skipIf(!hasRedis)(`the connection to Redis${redisNote}`, () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await TestRedis.start('--requirepass', 's3cret')
  })
  afterAll(() => redis.remove())

  it.each([
    ['', /Redis wants a password/],
    [':wrong@', /refuses this user or password/],
  ])('says what is wrong with the password, and never shows it: "%s"', async (login, message) => {
    const url = redis.url.replace('//', `//${login}`)
    const error = await checkConnection(url).catch((reason) => reason)
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('wrong@')
  })

  it('takes the password from the URL', async () => {
    await expect(checkConnection(redis.url.replace('//', '//:s3cret@'))).resolves.toMatchObject({ password: 's3cret' })
  })

  it('refuses a Redis that may drop jobs', async () => {
    const client = new Redis(redis.port, '127.0.0.1', { password: 's3cret' })
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await expect(checkConnection(redis.url.replace('//', '//:s3cret@'))).rejects.toThrow('set it to noeviction')
    client.disconnect()
  })

  it.each(['http://localhost', 'redis://', 'nonsense', 'redis://localhost/x'])('refuses %s', async (url) => {
    await expect(checkConnection(url)).rejects.toThrow(/expected a URL such as/)
  })

  it('says that nobody answers', async () => {
    await expect(checkConnection('redis://127.0.0.1:1')).rejects.toThrow(/no Redis answers there/)
  })
})
