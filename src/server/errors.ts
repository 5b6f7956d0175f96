import { EdtError } from '../errors.js'

/** The server cannot listen where it was told to. */
export class ListenError extends EdtError {
  override name = 'ListenError' as const
  constructor(
    readonly host: string,
    readonly port: number,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${host} port ${port}: ${problem}`, options)
  }
}

const PROBLEMS: Record<string, string> = {
  EADDRINUSE: 'another program listens there already; choose another --port, or 0 for any free one.',
  EACCES: 'this user may not listen there; choose a --port above 1023.',
  EADDRNOTAVAIL:
    'this machine has no such address; --host takes one of its own, such as 127.0.0.1, or 0.0.0.0 for all.',
  ENOTFOUND: 'there is no such host; --host takes an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all.',
}

/** An error of the system as one that says what to do; others as they are. */
export function toListenError(error: unknown, host: string, port: number): unknown {
  const problem = PROBLEMS[(error as NodeJS.ErrnoException).code ?? '']
  return problem === undefined ? error : new ListenError(host, port, problem, { cause: error })
}
