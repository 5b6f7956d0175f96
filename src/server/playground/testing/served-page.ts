import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../../package-root.js'
import { type AppOptions, buildServer } from '../../app.js'
import { openBackend } from '../../model/backend.js'
import { playground } from '../plugin.js'

let folder: string | undefined

/** Compiles the page's modules as they are now, once; they are removed when the process ends. @returns their folder */
export function compiledPage(): string {
  if (folder !== undefined) return folder
  const made = mkdtempSync(join(tmpdir(), 'edt-playground-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const project = join(packageRoot(), 'src', 'server', 'playground', 'page')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project, '--outDir', made], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The page does not compile:\n${stdout}`)
  folder = made
  return made
}

/** The real server with the embedded model, its tuner (or none) and the page, at a port of its own. */
export async function servePage({ tuner, ...options }: AppOptions & { tuner?: string } = {}) {
  const backend = await openBackend({ model: 'debian-6m', tuner, maxRows: 64 })
  const { app } = await buildServer(backend, { ...options, playground: false })
  await app.register(playground, { model: backend.model, compiled: compiledPage() })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    async close() {
      app.server.closeAllConnections()
      await app.close()
      await backend.close()
    },
  }
}
