import { createHash, timingSafeEqual } from 'node:crypto'
import fastifyCors from '@fastify/cors'
import fastifyHelmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import { ApiError } from './api/errors.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Needs no API key: the page itself, health. */
    public?: boolean
  }
}

export interface SecurityOptions {
  /** Without it everybody may ask. */
  apiKey?: string
  /** Origin whose pages may ask, or `*`. @default none */
  cors?: string
  /**
   * Names and addresses that a request may call this server by (its `Host`). A page whose own name was made to point here by its DNS would
   * otherwise be of this server's origin. @default any; `startServer` on a loopback address: those of this machine
   */
  hosts?: readonly string[]
}

/** What a machine calls itself. */
export const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** Who may ask, and what browsers may do with the answers. Routes that are registered later are covered. */
export async function secure(app: FastifyInstance, { apiKey, cors, hosts }: SecurityOptions): Promise<void> {
  // JSON alone: a page of another origin can only send other types without being asked back first.
  app.removeContentTypeParser('text/plain')
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    // The server speaks plain HTTP; who puts TLS before it sets this there.
    strictTransportSecurity: false,
  })
  if (cors !== undefined) {
    await app.register(fastifyCors, { origin: cors === '*' ? true : cors, methods: ['GET', 'POST'] })
  }
  if (hosts !== undefined) requireHost(app, hosts)
  if (apiKey !== undefined) requireKey(app, apiKey)
}

function requireHost(app: FastifyInstance, hosts: readonly string[]): void {
  app.addHook('onRequest', async ({ headers: { host = '' } }) => {
    const name = host.replace(/:\d+$/, '').toLowerCase()
    if (hosts.some((allowed) => allowed.toLowerCase() === name)) return
    throw new ApiError(
      403,
      `This server is not called ${JSON.stringify(name)}; start it with --allow-host for that name.`,
      {
        code: 'host_not_allowed',
      },
    )
  })
}

function requireKey(app: FastifyInstance, apiKey: string): void {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(apiKey)
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.public || request.method === 'OPTIONS') return
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    // Digests have one length, and their comparison takes the same time wherever they differ.
    if (!timingSafeEqual(digest(given), expected)) {
      throw new ApiError(401, 'The API key is missing or wrong; send it as "Authorization: Bearer KEY".', {
        code: 'invalid_api_key',
      })
    }
  })
}
