import type { ChildProcess } from 'node:child_process'
import { besideModule, forkModule, fromPlainError } from '../../src/process/index.js'
import type { RolloutJob } from '../types.js'
import { WorkerDiedError } from './errors.js'
import type { MessageFromWorker, MessageToWorker } from './protocol.js'
import type { ModelDescription, RolloutOutcome } from './types.js'

/** Of what a worker writes to its standard error, this many characters are kept for the error message. */
const OUTPUT_KEPT = 500

const DEFAULT_ENTRY = besideModule(import.meta.url, 'worker')

/**
 * A child process with a model of its own. ONNX Runtime blocks the thread that calls it, and one thread a model on
 * several cores does more than several threads in one model, so rollouts run side by side in processes.
 */
export class WorkerProcess {
  private lastOutput = ''
  private death: WorkerDiedError | undefined
  private waiting: { resolve: (message: MessageFromWorker) => void; reject: (error: Error) => void } | undefined
  private readonly exited: Promise<void>

  private readonly child: ChildProcess

  /** Starts the process. @param entry the module it runs */
  constructor(entry: URL = DEFAULT_ENTRY) {
    const child = forkModule(entry)
    this.child = child
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastOutput = (this.lastOutput + text).slice(-OUTPUT_KEPT)
    })
    child.on('message', (message) => this.waiting?.resolve(message as MessageFromWorker))
    this.exited = new Promise((resolve) => {
      const die = (ending: string) => {
        this.death ??= new WorkerDiedError(ending, this.lastOutput.trim())
        this.waiting?.reject(this.death)
        resolve()
      }
      child.on('error', (error) => die(error.message))
      // 'close' comes after 'exit', when the last output has been read.
      child.on('close', (code, signal) => die(signal === null ? `exit code ${code}` : `signal ${signal}`))
    })
  }

  /**
   * Loads the model; to be called once, before the first job.
   * @throws what loading throws in the worker; {WorkerDiedError}
   */
  async load(load: Omit<Extract<MessageToWorker, { type: 'load' }>, 'type'>): Promise<ModelDescription> {
    const answer = await this.ask({ type: 'load', ...load })
    if (answer.type !== 'ready') throw unexpected(answer)
    return answer.model
  }

  /**
   * Does one job; the next may be given when it is done.
   * @throws what the job throws in the worker; {WorkerDiedError}
   */
  async run(job: RolloutJob): Promise<RolloutOutcome> {
    const answer = await this.ask({ type: 'job', job })
    if (answer.type !== 'outcome') throw unexpected(answer)
    return answer.outcome
  }

  /** Ends the process, whatever it is doing, and waits until it is gone. */
  async stop(): Promise<void> {
    this.child.kill()
    await this.exited
  }

  private ask(message: MessageToWorker): Promise<MessageFromWorker> {
    return new Promise<MessageFromWorker>((resolve, reject) => {
      if (this.death !== undefined) throw this.death
      this.waiting = { resolve, reject }
      // A message that cannot be delivered means a dead worker: 'close' tells.
      this.child.send(message, () => undefined)
    })
  }
}

function unexpected(answer: MessageFromWorker): Error {
  return answer.type === 'failed' ? fromPlainError(answer.error) : new Error(`unexpected message ${answer.type}`)
}
