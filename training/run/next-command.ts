import type { RunEvent } from './events.js'
import type { RunInspection } from './inspect.js'

/** Commands that work in a run without collecting anything. */
const NO_COLLECTORS = ['fit', 'ablate', 'study']

type Found = Pick<RunInspection, 'path' | 'events' | 'status' | 'failed' | 'store' | 'checkpoint' | 'ablation'>

/** What a user would type to take a run one step further; undefined while a process is at work in it. */
export function nextCommand(run: Found): string | undefined {
  const { path, events, store, checkpoint, ablation, failed } = run
  if (store?.kind === 'busy-store' || run.status?.process === 'alive') return undefined
  const folder = shellWord(path)
  const unfinished = unfinishedCommand(events)
  if (unfinished !== undefined) return `edt ${unfinished} --out ${folder}`
  if (store !== undefined && (store.left > 0 || failed.length > 0)) {
    const collector = events.findLast(
      ({ event, command }) => event === 'start' && !NO_COLLECTORS.includes(command as string),
    )
    return `edt ${collector?.command ?? 'collect'} --out ${folder}`
  }
  if (store !== undefined && checkpoint === undefined) return `edt fit --out ${folder}`
  if (checkpoint !== undefined && ablation === undefined) return `edt ablate --out ${folder}`
  return checkpoint === undefined ? `edt collect --out ${folder}` : `edt generate --tuner ${folder} "…"`
}

/** A command that was stopped or killed is to be given again, and so is one of several steps that failed; a killed process writes no more events. */
function unfinishedCommand(events: readonly RunEvent[]): string | undefined {
  const last = events.findLast(({ event }) => ['start', 'end', 'stopped', 'failed'].includes(event))
  const several = last?.command === 'train' || last?.command === 'quickstart'
  const goesOn = last?.event === 'start' || last?.event === 'stopped' || (last?.event === 'failed' && several)
  return goesOn ? String(last.command) : undefined
}

/** A path as a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
