import { embeddedTaskNames, openTask } from '../../tasks/index.js'
import { defaultBalance } from '../../tuner/balance.js'
import type { TunerMetadata } from '../../tuner/index.js'
import type { PlaygroundSettings, PlaygroundTask, PlaygroundTuner, TaskSurface } from './shared/types.js'

/** What the page is told of the model that answers, and of its tuner. */
export interface PlaygroundModel {
  id: string
  dtype: string
  device: string
  hasChatTemplate: boolean
  tuner?: TunerMetadata
}

/** What the page needs to know before it can be used. */
export async function playgroundSettings({
  id,
  dtype,
  device,
  hasChatTemplate,
  tuner,
}: PlaygroundModel): Promise<PlaygroundSettings> {
  return {
    model: { id, dtype, device, hasChatTemplate },
    ...(tuner === undefined ? {} : { tuner: tunerOf(tuner) }),
    tasks: await menu(tuner),
  }
}

function tunerOf({ tunerName, grid, balance, bestCells, decoding, ...rest }: TunerMetadata): PlaygroundTuner {
  const surfaces = Object.entries(rest.meanSurfaces).map(([task, surface]): [string, TaskSurface] => [
    task,
    { ...surface, ...rest.references[task] },
  ])
  const [least, most] = balance.range
  return {
    name: tunerName,
    grid,
    balance: { least, most, usual: defaultBalance(balance) },
    best: { fixed: bestCells.fixed, temperature: bestCells.fixedTemperature },
    surfaces: Object.fromEntries(surfaces),
    decoding,
  }
}

/** The tuner's tasks, then further ones that have prompts to try. */
async function menu(tuner: TunerMetadata | undefined): Promise<PlaygroundTask[]> {
  const embedded = embeddedTaskNames()
  const names = [...new Set([...(tuner?.tasks ?? []), ...embedded])]
  return Promise.all(
    names.map(async (name) => {
      if (!embedded.includes(name)) return { name, description: '', examples: false }
      const task = await openTask(name)
      return { name, description: task.definition.description, examples: task.hasSplit('test') }
    }),
  )
}
