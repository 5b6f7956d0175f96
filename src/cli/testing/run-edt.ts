import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Program and first arguments that run `edt` from source. */
export const EDT_COMMAND: readonly [string, ...string[]] = [
  process.execPath,
  '--import',
  'tsx',
  fileURLToPath(new URL('../edt.ts', import.meta.url)),
]

/** What a command line left behind. */
export interface EdtRun {
  /** Null when it was killed by a signal. */
  code: number | null
  stdout: string
  stderr: string
}

/** Runs `edt` from source in a process of its own, without a terminal. */
export function runEdt(
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<EdtRun> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...options.env }
    const child = spawn(EDT_COMMAND[0], [...EDT_COMMAND.slice(1), ...args], { env })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    // A command that does not read its input may be gone before it is written.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}
