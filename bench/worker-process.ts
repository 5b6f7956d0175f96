import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { EDT_COMMAND } from '../src/cli/testing/run-edt.js'

/** An `edt worker` with one process for the model. @returns when it takes jobs */
export function startWorker(url: string): Promise<{ stop(): Promise<void> }> {
  const child = spawn(EDT_COMMAND[0], [...EDT_COMMAND.slice(1), 'worker', '--queue', url, '--concurrency', '1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let told = ''
  return new Promise((resolve, reject) => {
    child.on('close', (code) => reject(new Error(`the worker ended with code ${code}: ${told}`)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text
      if (!told.includes('waiting for jobs')) return
      const stop = async () => {
        const closed = once(child, 'close')
        child.kill('SIGINT')
        await closed
      }
      resolve({ stop })
    })
  })
}
