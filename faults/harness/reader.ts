import type { ChildProcess } from 'node:child_process'
import { besideModule, forkModule } from '../../src/process/index.js'
import { UnexpectedError } from './types.js'

export interface ReadRequest {
  kind: 'store' | 'checkpoint'
  path: string
}

/** What came of reading a store or a checkpoint: its contents, or a refusal as `edt` would show it. */
export type ReadResult =
  | {
      digest: string
      /** A hash of everything about each finished prompt; of checkpoints none. */
      prompts: Record<string, string>
      refused?: undefined
    }
  | { refused: string; message: string; exitCode: number }

const DEADLINE = 60_000

/** Reads files in another process, which is started anew when it dies. */
export class Reader {
  #child: ChildProcess | undefined

  /** @throws {UnexpectedError} when the process dies or hangs */
  read(request: ReadRequest): Promise<ReadResult> {
    this.#child ??= forkModule(besideModule(import.meta.url, 'reader-child'))
    const child = this.#child
    return new Promise((resolve, reject) => {
      let errors = ''
      const hear = (text: Buffer) => {
        errors += text
      }
      child.stderr!.on('data', hear)
      const fail = (problem: string) => {
        this.#child = undefined
        over()
        reject(new UnexpectedError(`${problem} ${errors}`))
      }
      const answer = (message: unknown) => {
        over()
        resolve(message as ReadResult)
      }
      const died = (code: number | null, signal: string | null) =>
        fail(`reading it killed the process (${signal ?? code}).`)
      const timer = setTimeout(() => {
        child.kill('SIGKILL')
        fail('reading it hangs.')
      }, DEADLINE)
      const over = () => {
        clearTimeout(timer)
        child.off('close', died).off('message', answer)
        child.stderr!.off('data', hear)
      }
      child.once('close', died).once('message', answer)
      child.send(request)
    })
  }

  close(): void {
    this.#child?.disconnect()
  }
}
