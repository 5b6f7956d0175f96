import { Console } from 'node:console'
import type { WriteStream } from 'node:tty'
import picocolors from 'picocolors'
import { type Progress, startProgress } from './progress.js'

type Colors = ReturnType<typeof picocolors.createColors>

/** Where a command's results and messages go: results to stdout, everything else to stderr. */
export interface Output {
  /** True when `--json` was given: `document` speaks, `print` and `write` are silent. */
  readonly json: boolean
  /** True when a person looks at stdout. */
  readonly interactive: boolean
  readonly verbose: boolean
  /** Colours for stdout, without effect unless it is a terminal that wants them. */
  readonly colors: Colors
  /** Colours for stderr. */
  readonly messageColors: Colors
  /** Columns of the terminal at stdout; 100 when it is none. */
  readonly width: number
  /** Prints a result and a line break. */
  print(text?: string): void
  /** Prints a piece of a result as it comes. */
  write(text: string): void
  /** Prints the one JSON document of `--json`. */
  document(value: unknown): void
  /** Tells what is going on; silent with `--quiet`. */
  say(text: string): void
  /** Tells what the user should know even with `--quiet`. */
  warn(text: string): void
  /** Only with `--verbose`. */
  detail(text: string): void
  /** Shows how far a long job is, from its second second on; silent with `--quiet`. */
  progress(label: string, unit: string): Progress
}

export interface OutputOptions {
  json: boolean
  quiet: boolean
  verbose: boolean
}

export function createOutput({ json, quiet, verbose }: OutputOptions): Output {
  const { stdout, stderr } = process
  const messageColors = colorsFor(stderr)
  const message = (text: string) => stderr.write(`${text}\n`)
  return {
    json,
    verbose,
    interactive: stdout.isTTY === true && !json,
    colors: colorsFor(stdout),
    messageColors,
    width: stdout.columns ?? 100,
    print: (text = '') => void (json || stdout.write(`${text}\n`)),
    write: (text) => void (json || stdout.write(text)),
    document: (value) => void (json && stdout.write(`${JSON.stringify(value, null, 2)}\n`)),
    say: (text) => void (quiet || message(text)),
    warn: (text) => void message(`${messageColors.yellow('Note:')} ${text}`),
    detail: (text) => void (verbose && message(messageColors.dim(text))),
    progress: (label, unit) => startProgress({ label, unit, stream: stderr, quiet, colors: messageColors }),
  }
}

/** Libraries that print to the console must not get between a command and its stdout: their lines go to stderr. */
export function keepStdoutForResults(): void {
  globalThis.console = new Console(process.stderr, process.stderr)
}

/** `hasColors` knows NO_COLOR, FORCE_COLOR and TERM. */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  return picocolors.createColors(stream.isTTY === true && (stream as WriteStream).hasColors())
}
