import { once } from 'node:events'
import type { RunningServer, ServerOptions } from '../../server/index.js'
import { defineCommand } from '../command.js'
import { describeModel, modelFlags, threadsFlag } from '../common-flags.js'
import { UsageError } from '../errors.js'
import { describeTuner, findTuner } from '../find-tuner.js'
import { choice, type Flags, integer, type Settings, text, texts, toggle } from '../flags.js'
import { strategyFlags, temperatureChoice } from '../strategy-flags.js'

const flags = {
  host: text('Address to listen on; 0.0.0.0 is every network of this machine', {
    default: '127.0.0.1',
    group: 'Server:',
  }),
  port: integer('Port to listen on; 0 is any free one', { min: 0, max: 65535, default: 8080, group: 'Server:' }),
  apiKey: text('Key that clients must send; better set as EDT_API_KEY, which no list of processes shows', {
    group: 'Server:',
    defaultDescription: 'EDT_API_KEY, else everybody may ask',
    recorded: false,
  }),
  allowHost: texts('Further name that requests may call this server by, such as that of a proxy; may repeat', {
    group: 'Server:',
    defaultDescription: 'with a loopback address its own names, else any',
  }),
  cors: text('Origin whose web pages may ask, e.g. https://example.org; * is every page', {
    group: 'Server:',
    defaultDescription: 'none but its own',
  }),
  maxTokens: integer('Most tokens of an answer that a client may ask for', {
    min: 1,
    default: 2048,
    group: 'Server:',
  }),
  maxRows: integer('Answers that are decoded at once', { min: 1, default: 128, group: 'Server:' }),
  maxQueue: integer('Requests that wait for room; further ones get 429', { min: 0, default: 256, group: 'Server:' }),
  bodyLimit: integer("Most bytes of a request's body", { min: 1, default: 1 << 20, group: 'Server:' }),
  grace: integer('Seconds that open requests get to finish at the end', { min: 0, default: 10, group: 'Server:' }),
  playground: {
    ...toggle('The page to try prompts on, at /; --no-playground serves the API alone', { group: 'Server:' }),
    default: true,
  },
  logLevel: choice(
    'What is logged, as JSON on stderr; never a prompt or an answer',
    ['silent', 'error', 'warn', 'info', 'debug'],
    { default: 'info', group: 'Server:' },
  ),
  ...strategyFlags,
  ...modelFlags,
  ...threadsFlag,
} satisfies Flags

export const serveCommand = defineCommand({
  command: 'serve',
  describe: "Serve a model over HTTP with OpenAI's API; the tuner sets T0 and theta for each prompt",
  flags,
  examples: [
    ['edt serve --model HuggingFaceTB/SmolLM2-135M-Instruct', 'For any client of the OpenAI API, at port 8080'],
    ['EDT_API_KEY=secret edt serve --host 0.0.0.0 --balance 0.8', 'For other machines, with a key; quality first'],
  ],
  async run({ settings, output, signal }) {
    const { host, cors, model: asked, allowHost } = settings
    const apiKey = keyOf(settings)
    const { tuner, choice } = await temperatureOf(settings)
    const [{ isLoopback, LOOPBACK, startServer }, { pino }] = await Promise.all([
      import('../../server/index.js'),
      import('pino'),
    ])
    const { port, dtype, device, threads, maxTokens, maxRows, maxQueue, bodyLimit, grace, playground, logLevel } =
      settings
    const server = await startServer({
      ...{ model: asked, dtype, device, threads, tuner, choice },
      hosts: allowHost === undefined ? undefined : [...LOOPBACK, host, ...allowHost],
      ...{ host, port, apiKey, cors, maxTokens, maxRows, maxQueue, bodyLimit, grace, playground },
      // Synchronous: nothing of the log is lost when the process ends.
      logger: pino({ level: logLevel }, pino.destination({ dest: 2, sync: true })),
    }).catch((error) => {
      // Ctrl-C reaches the model's process too, which cannot heed it while it starts.
      signal.throwIfAborted()
      throw error
    })
    try {
      if (apiKey === undefined && !isLoopback(host)) {
        output.warn(`Everybody who reaches ${host} may ask this server; set EDT_API_KEY to require a key.`)
      }
      const { url, model } = server
      output.say(
        `${describeModel(model, asked)}${tuner === undefined ? '' : `, tuner ${describeTuner({ name: model.tuner!.tunerName, path: tuner })}`}`,
      )
      const page = playground ? `; open it in a browser, or try:` : `; try:`
      output.print(`Listening at ${url} until Ctrl-C${page}\n${curlExample(server, apiKey !== undefined)}`)
      const { id, dtype, device } = model
      output.document({ url, model: { id, dtype, device }, tuner: model.tuner?.tunerName })
      if (!signal.aborted) await once(signal, 'abort')
    } finally {
      await server.close()
    }
  },
})

/** @throws {UsageError} for a key that is set but empty, which would let everybody in */
function keyOf({ apiKey }: Settings<typeof flags>): string | undefined {
  const key = apiKey ?? process.env.EDT_API_KEY
  if (key === '') throw new UsageError('EDT_API_KEY is empty; set it to the key, or unset it to serve without one.')
  return key
}

/** What holds where a request leaves the temperature open: a tuner, with its checkpoint's folder, or a rule. */
async function temperatureOf(
  settings: Settings<typeof flags>,
): Promise<{ tuner?: string; choice: ServerOptions['choice'] }> {
  const chosen = temperatureChoice(settings)
  if (!('strategy' in chosen)) {
    const { t0, theta, asked } = chosen
    return { tuner: await findTuner(chosen.tuner, settings.model), choice: { t0, theta, ...asked } }
  }
  if (chosen.strategy.name === 'kld') {
    throw new UsageError(
      'The rule kld compares each prompt with one without its source, which no request holds; choose another.',
    )
  }
  return { choice: { strategy: chosen.strategy } }
}

/** A command to paste that asks the server something that its model can answer. */
function curlExample({ url, model }: RunningServer, withKey: boolean): string {
  const [path, body] = model.hasChatTemplate
    ? ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Name three uses of a paper clip.' }] }]
    : ['/v1/completions', { prompt: 'Translate to French: This package contains the documentation.\nTranslation:' }]
  const key = withKey ? ' -H "authorization: Bearer $EDT_API_KEY"' : ''
  return `  curl ${url}${path} -H 'content-type: application/json'${key} -d '${JSON.stringify(body)}'`
}
