import { createInterface, type Interface } from 'node:readline'
import { EdtError } from '../../errors.js'
import type { GeneratedSample, GenerateOptions, GenerateStart } from '../../runtime/index.js'
import { UsageError } from '../errors.js'
import { significant } from '../format.js'
import { describeChoice, printTrace } from '../generate-view.js'
import { heat, heatLegend } from '../heat.js'
import type { Output } from '../output.js'
import { CHAT_HELP, type ChatSetting, parseChatCommand } from './commands.js'
import type { Conversation } from './conversation.js'

export interface ChatOptions {
  conversation: Conversation
  /** How answers are drawn; T0, θ and balance may be changed by the user. */
  options: Omit<GenerateOptions, 'onToken' | 'samples'>
  /** Upper bound of the temperature of a rule without T0: the end of the colour scale. */
  upperBound?: number
  /** Begin with tables of tokens. */
  trace: boolean
  output: Output
  signal: AbortSignal
}

/** One turn of the conversation, for `--json`. */
export type ChatTurn = { message: string } & Omit<GenerateStart, 'features'> & GeneratedSample

/** Reads messages and commands from standard input, line by line, until it ends or the user quits. */
export async function chat(settings: ChatOptions): Promise<ChatTurn[]> {
  const { conversation, output, signal } = settings
  const person = process.stdin.isTTY === true && output.interactive
  const input = createInterface({ input: process.stdin, ...(person ? { output: process.stdout, prompt: '> ' } : {}) })
  const leave = () => input.close()
  signal.addEventListener('abort', leave)
  const session = new Session(settings, input)
  const turns: ChatTurn[] = []
  try {
    if (person) input.prompt()
    for await (const line of input) {
      try {
        const command = parseChatCommand(line)
        if (command?.name === 'quit') break
        if (command?.name === 'help') output.say(CHAT_HELP)
        else if (command?.name === 'reset') {
          conversation.reset()
          output.say('The conversation begins anew.')
        } else if (command?.name === 'trace') output.say(`Trace ${session.toggleTrace() ? 'on' : 'off'}.`)
        else if (command !== undefined && 'value' in command) output.say(session.set(command.name, command.value))
        else if (line.trim() !== '') turns.push(...(await session.turn(line)))
      } catch (error) {
        // A mistake in one line is no reason to lose the conversation.
        if (!(error instanceof EdtError)) throw error
        output.warn(error.message)
      }
      if (signal.aborted) break
      if (person) input.prompt()
    }
  } finally {
    signal.removeEventListener('abort', leave)
    input.close()
  }
  signal.throwIfAborted()
  return turns
}

/** The settings in force, and the turn in progress. */
class Session {
  #trace: boolean
  #options: ChatOptions['options']
  /** Ctrl-C stops an answer; without one it leaves. */
  #answering: AbortController | undefined

  constructor(
    private readonly settings: ChatOptions,
    input: Interface,
  ) {
    this.#trace = settings.trace
    this.#options = settings.options
    input.on('SIGINT', () => (this.#answering === undefined ? input.close() : this.#answering.abort()))
  }

  toggleTrace(): boolean {
    this.#trace = !this.#trace
    return this.#trace
  }

  /** @throws {UsageError} for a setting that has no meaning here; {InvalidOptionError} for a value out of its range */
  set(name: ChatSetting, value: number | undefined): string {
    const { tuner, strategy } = this.#options
    if (strategy !== undefined) throw new UsageError(`/${name} has no meaning for the rule ${strategy.name}.`)
    if (tuner === undefined && (name === 'balance' || value === undefined)) {
      throw new UsageError(`/${name} ${value ?? 'auto'} needs a tuner; start with --tuner.`)
    }
    const options = { ...this.#options, [name]: value }
    tuner?.checkOptions(options)
    this.#options = options
    return `${name} ${value ?? 'is chosen by the tuner'}`
  }

  /** Answers one message. @returns the turn, or nothing when it was stopped */
  async turn(message: string): Promise<ChatTurn[]> {
    const { conversation, output, upperBound, signal } = this.settings
    const answering = new AbortController()
    this.#answering = answering
    const colored = output.interactive && output.colors.isColorSupported
    const forgottenBefore = conversation.forgotten
    let start: GenerateStart | undefined
    let text = ''
    try {
      const options = { ...this.#options, trace: this.#trace, signal: AbortSignal.any([signal, answering.signal]) }
      for await (const chunk of conversation.answer(message, options)) {
        if (chunk.type === 'start') start = chunk
        // Tokenizers put a blank before the first word; at the start of a line it only looks crooked.
        const shown = text === '' ? chunk.text.trimStart() : chunk.text
        text += chunk.text
        const hottest = start?.t0 ?? upperBound ?? 1
        output.write(
          colored && chunk.type === 'token' && shown !== '' ? heat(shown, chunk.temperature, hottest) : shown,
        )
        if (chunk.type !== 'end') continue
        const { type: _, sample: _sample, ...rest } = chunk
        const sample = { ...rest, text }
        output.print()
        if (this.#trace) printTrace({ samples: [sample] }, output)
        this.describe(start!, sample, colored ? heatLegend(hottest) : undefined)
        if (conversation.forgotten > forgottenBefore)
          output.warn('The context is full: the oldest messages are forgotten.')
        const { features: _features, type: _type, ...told } = start as GenerateStart & { type?: string }
        return [{ message, ...told, ...sample }]
      }
    } catch (error) {
      if (!answering.signal.aborted) throw error
      output.say('\n(stopped; this turn is forgotten)')
    } finally {
      this.#answering = undefined
    }
    return []
  }

  private describe(start: GenerateStart, { meanTemperature, newTokens }: GeneratedSample, legend: string | undefined) {
    const { output } = this.settings
    const facts = `${describeChoice(start)} · mean temperature ${significant(meanTemperature, 2)} · ${newTokens} tokens`
    output.say(output.messageColors.dim(facts) + (legend === undefined ? '' : `  ${legend}`))
  }
}
