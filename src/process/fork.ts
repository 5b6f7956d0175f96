import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Starts a module of ours in a process of its own; its standard error is piped, its messages may hold typed arrays.
 * @param entry a `.js` file, or a `.ts` file of the sources, which tsx then runs
 */
export function forkModule(entry: URL): ChildProcess {
  return fork(fileURLToPath(entry), {
    serialization: 'advanced', // typed arrays travel as they are
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: entry.pathname.endsWith('.ts') ? ['--import', typescriptLoader()] : [],
  })
}

/** A module that lies beside another one, in the same form: `.js` in dist, `.ts` in the sources. @param name without the ending */
export function besideModule(importer: string, name: string): URL {
  return new URL(`./${name}${importer.endsWith('.ts') ? '.ts' : '.js'}`, importer)
}

/** tsx runs the sources of a process, as it runs ours in development and tests. */
function typescriptLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
}
