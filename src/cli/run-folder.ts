import { readSettings, runPaths } from '../../training/run/folder.js'
import { shortModelName } from './common-flags.js'
import type { ConfigFile } from './settings.js'

/** The folder of a run: `--out`, or a name that the same model and tasks always have. */
export function runFolder({ out, model, task }: { out?: string; model: string; task: readonly string[] }): string {
  if (out !== undefined) return out
  const tasks = task.map((name) => name.split(/[\\/]/).filter(Boolean).at(-1)).join('+')
  return `runs/${shortModelName(model)}-${tasks}`
}

/** The settings that a run was made with: those of the same command before those of others. Empty for a new run. */
export async function readRunSettings(root: string, command: string): Promise<ConfigFile> {
  const path = runPaths(root).settings
  const { [command]: own, ...others } = await readSettings(path)
  return { path, values: Object.assign({}, ...Object.values(others), own) }
}
