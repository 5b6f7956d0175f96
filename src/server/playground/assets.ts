import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { EdtError } from '../../errors.js'
import { packageRoot } from '../../package-root.js'

/** A file of the page, held in memory. */
export interface Asset {
  body: Buffer
  type: string
  etag: string
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
}

/** The page's modules were not compiled. */
export class PlaygroundNotBuiltError extends EdtError {
  override name = 'PlaygroundNotBuiltError' as const
  constructor(readonly folder: string) {
    super(`${folder}: expected the playground's compiled modules, found none; run \`npm run build\`.`)
  }
}

/** Where `npm run build` puts the page's modules, and with them those of the library that they import. */
export function compiledFolder(): string {
  return join(packageRoot(), 'dist', 'playground')
}

/**
 * The page's files by their address: `/` and `/playground/…`. All are read at once, so that nothing but them can be asked for.
 * @param compiled the folder with the modules
 * @throws {PlaygroundNotBuiltError}
 */
export async function readAssets(compiled: string): Promise<Map<string, Asset>> {
  const page = join(packageRoot(), 'src', 'server', 'playground', 'page')
  const files = new Map<string, string>([['/', join(page, 'index.html')]])
  for (const name of await readdir(page)) {
    if (['.css', '.svg'].includes(extname(name))) files.set(`/playground/${name}`, join(page, name))
  }
  const modules = await readdir(compiled, { recursive: true }).catch(() => [])
  if (modules.length === 0) throw new PlaygroundNotBuiltError(compiled)
  for (const name of modules.filter((module) => module.endsWith('.js'))) {
    files.set(`/playground/app/${relative('', name).split(sep).join('/')}`, join(compiled, name))
  }
  const entries = [...files].map(async ([address, file]): Promise<[string, Asset]> => {
    const body = await readFile(file)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    return [address, { body, type: TYPES[extname(file)], etag }]
  })
  return new Map(await Promise.all(entries))
}
