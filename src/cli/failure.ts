import { EdtError, printable, recogniseOutOfMemory } from '../errors.js'
import { InterruptedError } from './interrupt.js'

/** What the operating system refuses, in words. All of these are for the user to mend. */
const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'this is a folder, but a file is needed',
  ENOTDIR: 'this is a file, but a folder is needed',
  ENOSPC: 'no space left on the disk; free some and run the same command again',
  EROFS: 'the disk is read-only',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many open files',
}
/** Those that are the user's to mend whatever file they met: a write to an open file does not tell its path. */
const WITHOUT_PATH = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE'])

/** One message and the exit code: 2 for a mistake of the user, 1 for one of ours, 130 or 143 for an interrupted run. */
export function describeFailure(thrown: unknown, verbose: boolean): { message: string; exitCode: number } {
  const error = recogniseOutOfMemory(thrown)
  if (error instanceof InterruptedError) return { message: error.message, exitCode: error.exitCode }
  const detail = verbose && error instanceof Error ? `\n${error.stack}` : ''
  if (error instanceof EdtError) return { message: error.message + detail, exitCode: 2 }
  const { code, path, message } = error as NodeJS.ErrnoException
  if (code !== undefined && SYSTEM_ERRORS[code] !== undefined && (path !== undefined || WITHOUT_PATH.has(code))) {
    const place = path === undefined ? '' : `${path}: `
    return { message: printable(`${place}${SYSTEM_ERRORS[code]}.`) + detail, exitCode: 2 }
  }
  const hint = verbose ? '' : ' (this is a fault of edt-tuner; --verbose shows where it happened)'
  return { message: `${message ?? String(error)}${hint}${detail}`, exitCode: 1 }
}
