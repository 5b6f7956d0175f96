import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const sources = fileURLToPath(new URL('../src/sampling/simd/assembly', import.meta.url))
const binaryUrl = new URL('../src/sampling/simd/binary.ts', import.meta.url)

/**
 * The SIMD kernel compiled from its AssemblyScript source.
 *
 * @throws {Error} with the compiler's messages when the source does not compile
 */
export async function compileKernel(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    ['kernel.ts', '--outFile', 'kernel.wasm', '-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert'],
    {
      // The compiler tries places of its own as well.
      readFile: (name) => readFile(join(sources, name), 'utf8').catch(() => null),
      writeFile: (_name, contents) => {
        binary = contents as Uint8Array
      },
      listFiles: () => [],
    },
  )
  if (error !== null || binary === undefined) {
    throw new Error(`${sources} does not compile: ${stderr.toString() || error?.message}`)
  }
  return binary
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const binary = await compileKernel()
  // Base64 in a module works from source, from `dist/` and in a browser alike.
  const module = [
    '/** Generated from assembly/kernel.ts by `npm run build:kernel`; a test checks that it is up to date. */',
    `export const KERNEL_BASE64 =\n  '${Buffer.from(binary).toString('base64')}'`,
    '',
  ]
  await writeFile(binaryUrl, module.join('\n'))
  console.log(`${fileURLToPath(binaryUrl)}: ${binary.length} bytes of WebAssembly`)
}
