import { ApiError } from './api/errors.js'

export interface AdmissionLimits {
  /** Answers that are decoded at once. @default 128 */
  maxRows: number
  /** Requests that wait for their turn. */
  maxQueue: number
}

interface Waiting {
  rows: number
  enter(): void
}

/** Lets requests in while there is room for their answers, the first come first; the others wait, and when too many wait they are sent away. */
export class Admission {
  readonly #waiting: Waiting[] = []
  #rows = 0

  constructor(private readonly limits: AdmissionLimits) {}

  /** Answers being decoded. */
  get rows(): number {
    return this.#rows
  }

  /** Requests that wait. */
  get queued(): number {
    return this.#waiting.length
  }

  /**
   * Waits for room, runs the work and gives the room back.
   * @throws {ApiError} 429 when too many wait; the signal's reason when aborted while waiting; what the work throws
   */
  async run<T>(rows: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(rows, signal)
    try {
      return await work()
    } finally {
      this.#rows -= rows
      this.#letIn()
    }
  }

  #enter(rows: number, signal: AbortSignal): Promise<void> {
    const { maxRows, maxQueue } = this.limits
    signal.throwIfAborted()
    if (rows > maxRows) {
      throw new ApiError(
        400,
        `The field n: ${rows} answers at once are asked for, but this server decodes ${maxRows} at most.`,
        {
          param: 'n',
        },
      )
    }
    if (this.#waiting.length === 0 && this.#rows + rows <= maxRows) {
      this.#rows += rows
      return Promise.resolve()
    }
    if (this.#waiting.length >= maxQueue) {
      throw new ApiError(
        429,
        `The server is busy: ${this.#waiting.length} requests are waiting already. Try again in a while.`,
        {
          code: 'queue_full',
          retryAfter: 1,
        },
      )
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(signal.reason)
        this.#letIn()
      }
      const waiting: Waiting = {
        rows,
        enter: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      this.#waiting.push(waiting)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  #letIn(): void {
    while (this.#waiting.length > 0 && this.#rows + this.#waiting[0].rows <= this.limits.maxRows) {
      const next = this.#waiting.shift()!
      this.#rows += next.rows
      next.enter()
    }
  }
}
