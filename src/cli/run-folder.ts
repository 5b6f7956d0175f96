import { readSettings, runPaths } from '../../training/run/folder.js'
import { DATASET_NAMES } from '../tasks/index.js'
import { shortModelName } from './common-flags.js'
import type { ConfigFile } from './settings.js'

/** The folder of a run: `--out`, or a name that the same model and tasks always have. */
export function runFolder({ out, model, task }: { out?: string; model: string; task: readonly string[] }): string {
  if (out !== undefined) return out
  const tasks = task.map(taskName).join('+')
  return `runs/${shortModelName(model)}-${tasks}`
}

/** The last part of a folder; of a data set its name, of a generic task its file's. */
function taskName(task: string): string | undefined {
  const dataset = DATASET_NAMES.find((name) => task.startsWith(`${name}:`))
  if (dataset !== undefined && dataset !== 'generic') return dataset
  const last = task
    .split(/[\\/:=]/)
    .filter(Boolean)
    .at(-1)
  return dataset === undefined ? last : last?.replace(/\.\w+$/, '')
}

/** The settings that a run was made with: those of the same command before those of others. Empty for a new run. */
export async function readRunSettings(root: string, command: string): Promise<ConfigFile> {
  const path = runPaths(root).settings
  const { [command]: own, ...others } = await readSettings(path)
  return { path, values: Object.assign({}, ...Object.values(others), own) }
}
