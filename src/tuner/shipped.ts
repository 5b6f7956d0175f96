import { readdirSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../package-root.js'
import { CheckpointError } from './errors.js'

/** Names of the tuners that ship with edt-tuner, `<model>/<tuner>`, as `loadTuner` takes them. */
export function shippedTuners(): string[] {
  const root = join(packageRoot(), 'checkpoints')
  return foldersIn(root).flatMap((model) => foldersIn(join(root, model)).map((tuner) => `${model}/${tuner}`))
}

/**
 * The folder that a path or the name of a shipped tuner means; a folder that is there wins over a name.
 * @throws {@link CheckpointError} when there is neither
 */
export async function findCheckpoint(checkpoint: string): Promise<string> {
  const there = await stat(checkpoint).then(
    () => true,
    () => false,
  )
  if (there) return checkpoint
  const names = shippedTuners()
  if (names.includes(checkpoint)) return join(packageRoot(), 'checkpoints', checkpoint)
  const problem = `there is no such folder; give the folder that holds tuner.json, or the name of a tuner that ships: ${names.join(', ')}.`
  throw new CheckpointError(checkpoint, undefined, problem)
}

function foldersIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}
