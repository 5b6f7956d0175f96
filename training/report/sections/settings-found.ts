import type { AblationResult } from '../../ablate/types.js'
import type { Section } from '../content.js'
import { heatMapSpec } from '../plots/heat-map.js'
import { predictionsSpec } from '../plots/predictions.js'
import { renderSvg } from '../plots/render.js'
import { predictionTable } from '../tables/index.js'

/** Undefined without surfaces. */
export async function mapSection(result: AblationResult): Promise<Section | undefined> {
  const spec = heatMapSpec(result)
  if (spec === undefined) return undefined
  const surfaces = Object.values(result.surfaces)
  const from = surfaces.some(({ source }) => source === 'training')
    ? 'the training prompts'
    : "the oracle's held-out prompts"
  return {
    title: 'Where the best settings are',
    text: [],
    figure: {
      name: 'eda-map',
      svg: await renderSvg(spec),
      alt: 'Corpus EDA over T0 and θ by task, with the settings of the strategies',
      caption: `Corpus EDA of each cell (T0, θ) on ${from}, in points above the task's best cell. Dots are what the tuner chose for the held-out prompts.`,
    },
    tables: [],
  }
}

export async function predictionsSection(result: AblationResult): Promise<Section> {
  return {
    title: 'What the tuner chooses',
    text: [],
    figure: {
      name: 'predictions',
      svg: await renderSvg(predictionsSpec(result)),
      alt: 'Predicted T0 and θ of every held-out prompt, by task',
      caption: 'Predicted T0 and θ, one dot for each held-out prompt; the bar is the median of the task.',
    },
    tables: [predictionTable(result)],
  }
}
