import { readFile, writeFile } from 'node:fs/promises'
import type { RandomStream } from '../../src/sampling/index.js'

const BLOCK = 512

/**
 * Damages a file at a random place, as bad disks, bad memory and broken copies do.
 * @returns what was done, e.g. `bit flipped`
 */
export async function damageFile(path: string, random: RandomStream): Promise<string> {
  const bytes = await readFile(path)
  const place = () => Math.floor(bytes.length * random.next())
  const at = place()
  switch (Math.floor(4 * random.next())) {
    case 0:
      await writeFile(path, bytes.subarray(0, at))
      return 'cut off'
    case 1:
      bytes[at] ^= 1 << Math.floor(8 * random.next())
      break
    case 2:
      for (let i = 0; i < 16; i++) bytes[place()] ^= 1 + Math.floor(255 * random.next())
      break
    default:
      bytes.fill(0, at, Math.min(bytes.length, at + BLOCK))
      await writeFile(path, bytes)
      return '512 bytes zeroed'
  }
  await writeFile(path, bytes)
  return 'bytes flipped'
}
