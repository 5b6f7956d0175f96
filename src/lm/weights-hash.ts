import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * SHA-256 (first 16 hex digits) over a model's ONNX file and the files of external data beside it (`model.onnx_data`, `model.onnx_data_1` …).
 * @returns undefined when the file cannot be read, e.g. in a cache of another layout
 */
export async function weightsHash(graphFile: string): Promise<string | undefined> {
  const [folder, name] = [dirname(graphFile), basename(graphFile)]
  try {
    const files = (await readdir(folder)).filter((file) => file === name || file.startsWith(`${name}_data`)).sort()
    if (!files.includes(name)) return undefined
    const hash = createHash('sha256')
    for (const file of files) {
      for await (const chunk of createReadStream(join(folder, file))) hash.update(chunk as Buffer)
    }
    return hash.digest('hex').slice(0, 16)
  } catch {
    return undefined
  }
}
