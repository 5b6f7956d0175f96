import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { embeddedTaskNames, openTask } from '../../tasks/index.js'
import { ApiError } from '../api/errors.js'
import { compiledFolder, PlaygroundNotBuiltError, readAssets } from './assets.js'
import { scoreAnswers } from './self-bleu.js'
import { type PlaygroundModel, playgroundSettings } from './settings.js'
import type { PlaygroundExamples } from './shared/types.js'

export interface PlaygroundOptions {
  model: PlaygroundModel
  /** Folder of the page's compiled modules. @default dist/playground of this package */
  compiled?: string
}

/** Prompts of a task that the menu holds: enough to look around, short enough for a menu. */
const EXAMPLES = 40

const selfBleuSchema = z.object({
  texts: z.array(z.string().max(20_000)).min(2, 'expected at least two answers').max(64, 'expected at most 64 answers'),
  task: z.string().optional(),
})

/**
 * The playground: a page at `/`, its files, and what it needs beside the OpenAI API, under `/playground/`. Answers come from `/v1/completions` and
 * `/v1/chat/completions` of the same server. A Fastify plugin; `buildServer` sets the security headers and turns errors into answers.
 */
export async function playground(app: FastifyInstance, { model, compiled = compiledFolder() }: PlaygroundOptions) {
  const assets = await readAssets(compiled).catch((error) => {
    if (error instanceof PlaygroundNotBuiltError) return error
    throw error
  })

  // The page must be there before anyone can enter a key.
  const open = { config: { public: true } }
  if (assets instanceof PlaygroundNotBuiltError) {
    // The API works without the page.
    app.get('/', open, async () => {
      throw new ApiError(503, assets.message)
    })
    return
  }
  for (const [address, { body, type, etag }] of assets) {
    app.get(address, open, async (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache' })
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      return reply.type(type).send(body)
    })
  }

  const settings = await playgroundSettings(model)
  const names = embeddedTaskNames()
  const examplesSchema = z.object({ task: z.enum(names, `expected one of ${names.join(', ')}`) })

  app.get('/playground/settings', open, async () => settings)

  app.get('/playground/examples', open, async ({ query }): Promise<PlaygroundExamples> => {
    const { task } = examplesSchema.parse(query)
    const examples = await (await openTask(task)).examples('test', EXAMPLES)
    return { task, examples: examples.map(({ id, prompt, references }) => ({ id, prompt, references })) }
  })

  app.post('/playground/self-bleu', async (request) => scoreAnswers(selfBleuSchema.parse(request.body), model.tuner))
}
