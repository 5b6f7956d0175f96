import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LanguageModel } from '../lm/index.js'
import { packageRoot } from '../package-root.js'
import type { Tuner } from '../tuner/index.js'
import { shortModelName } from './common-flags.js'
import { UsageError } from './errors.js'
import { didYouMean } from './suggest.js'

/** The tuner that is used unless told otherwise. */
const DEFAULT_NAME = 'universal'

/**
 * Loads the tuner that `--tuner` means, or the one that ships for the model.
 * @throws {UsageError} when there is none; {CheckpointMismatchError} and others when it does not fit or is damaged
 */
export async function openTuner(asked: string | undefined, model: LanguageModel, modelAsked: string): Promise<Tuner> {
  const path = await findTuner(asked, modelAsked)
  const { loadTuner } = await import('../tuner/index.js')
  const tuner = await loadTuner(path)
  tuner.checkModel(model)
  return tuner
}

/**
 * The checkpoint folder that `--tuner` means: a checkpoint folder, a run folder (its `checkpoint/`), or the name of a tuner
 * that ships for the model.
 * @param asked undefined: the shipped default
 * @param model as `--model` gives it
 * @throws {UsageError} when there is none, with what to do instead
 */
export async function findTuner(asked: string | undefined, model: string): Promise<string> {
  const shipped = join(packageRoot(), 'checkpoints', shortModelName(model))
  const places =
    asked === undefined ? [join(shipped, DEFAULT_NAME)] : [asked, join(asked, 'checkpoint'), join(shipped, asked)]
  for (const place of places) if (await isFile(join(place, 'tuner.json'))) return place
  const names = await folderNames(shipped)
  if (asked === undefined) {
    throw new UsageError(
      `No tuner ships for ${model}. Train one with \`edt train --model ${model} --task …\` and give its folder as --tuner, ` +
        'or choose the temperature yourself with --t0 and --theta or --strategy.',
    )
  }
  throw new UsageError(
    `There is no tuner at ${asked} (a folder with tuner.json, or a run folder), and none of that name ships for ${model}.` +
      (didYouMean(asked, names) || (names.length === 0 ? '' : ` Shipped: ${names.join(', ')}.`)),
  )
}

/** The name of a tuner that ships, the folder of one that does not. */
export function describeTuner({ name, path }: Pick<Tuner, 'name' | 'path'>): string {
  const ships = path.startsWith(join(packageRoot(), 'checkpoints'))
  return ships ? `${name} (it ships with edt-tuner)` : path
}

/**
 * The tuner of a run: the one asked for, else the run's own, else the one that ships for the model.
 * @throws {UsageError} as `findTuner`
 */
export async function findRunTuner(asked: string | undefined, run: string, model: string): Promise<string> {
  const own = join(run, 'checkpoint')
  if (asked === undefined && (await isFile(join(own, 'tuner.json')))) return own
  return findTuner(asked, model)
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}

async function folderNames(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}
