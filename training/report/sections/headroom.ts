import type { AblationResult } from '../../ablate/types.js'
import type { Section } from '../content.js'
import { decimal } from '../numbers.js'
import { headroomSpec } from '../plots/headroom.js'
import { renderSvg } from '../plots/render.js'
import { scopesOf } from '../scopes.js'
import { headroomTable } from '../tables/index.js'

/** Undefined without an oracle. */
export async function headroomSection(result: AblationResult): Promise<Section | undefined> {
  const table = headroomTable(result)
  const spec = headroomSpec(result)
  const [{ result: scope }] = scopesOf(result)
  if (table === undefined || spec === undefined || scope.headroom === undefined) return undefined
  const { optimisticEda, caution } = scope.headroom
  const several = Object.keys(result.tasks).length > 1
  return {
    title: 'Headroom',
    text: [
      'The oracle chooses the cell for each prompt that makes corpus EDA least, on one half of its own samples, and is scored on the other half, both ways averaged. Best fixed and learned EDT are scored on the same prompts and equally many samples.',
      `Scored on the samples it was chosen on, the oracle would seem to reach an EDA of ${decimal(optimisticEda)}; the difference is mostly noise.`,
      ...(several
        ? ["A task's oracle minimises the EDA of that task, the oracle of all tasks that of all together."]
        : []),
      ...(caution === undefined ? [] : [caution]),
    ],
    figure: {
      name: 'headroom',
      svg: await renderSvg(spec),
      alt: 'Headroom of every task with its interval, and the share of it that learned EDT gets',
      caption:
        'Left: by how many points of EDA the oracle (star, with 95 % interval) and learned EDT (dot) are below the best fixed EDT. Right: the share of the headroom that learned EDT gets, with 95 % interval; an arrow means that it reaches beyond the panel. Where the interval of the headroom contains zero its share has no bounds: it is pale and has no interval. In brackets: prompts.',
    },
    tables: [table],
  }
}
