import { type LanguageModel, loadModel } from '../../lm/index.js'
import { generate } from '../../runtime/index.js'
import type { GenerateOptions } from '../../runtime/types.js'
import { embeddedPrompts } from '../../testing/models.js'
import { loadTuner, type Tuner } from '../../tuner/index.js'
import { type RunningServer, type ServerOptions, startServer } from '../start.js'

const MODEL = 'debian-6m'
const TUNER = 'debian-6m/universal-prompt'

/** A server on the embedded model, at a port of its own. */
export function serveEmbedded(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  return startServer({ model: MODEL, tuner: TUNER, port: 0, ...options })
}

/** The same model and tuner in this process, to compare answers with. */
export async function loadReference(): Promise<Reference> {
  return new Reference(await loadModel(MODEL), await loadTuner(TUNER))
}

/** What the library itself answers. */
export class Reference {
  constructor(
    readonly model: LanguageModel,
    readonly tuner: Tuner,
  ) {}

  /** @param options without a choice of the temperature, the tuner chooses */
  generate(prompt: string, options: Omit<GenerateOptions, 'tuner'> = {}) {
    return generate(this.model, prompt, {
      ...(options.strategy === undefined ? { tuner: this.tuner } : {}),
      ...options,
    })
  }

  async texts(prompt: string, options: Omit<GenerateOptions, 'tuner'> = {}): Promise<string[]> {
    return (await this.generate(prompt, options)).samples.map(({ text }) => text)
  }

  dispose(): Promise<void> {
    return this.model.dispose()
  }
}

/**
 * A request that the embedded model answers with 300 tokens, so that there is time to do something to it meanwhile: so hot, and with a seed, that the
 * end token is never drawn.
 */
export const LONG = {
  ...{ prompt: embeddedPrompts[3], max_tokens: 300, stop: ['\u0000'] },
  ...{ temperature: 5, top_p: 1, seed: 0 },
}

/** Holds the model's process still: nothing that is being answered ends meanwhile, however busy or fast the machine is. */
export function hold(server: RunningServer): void {
  process.kill(server.modelPid()!, 'SIGSTOP')
}

/** The end of `hold`. */
export function letGo(server: RunningServer): void {
  process.kill(server.modelPid()!, 'SIGCONT')
}

/** Reads one number of a server's metrics. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((entry) => entry.startsWith(`${name} `) || entry.startsWith(`${name}{`))
  return Number(line?.split(' ').at(-1))
}
