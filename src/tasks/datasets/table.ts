import { msmarco } from './msmarco.js'
import { quac } from './quac.js'
import type { Dataset } from './types.js'
import { wmt19EnZh, wmt19ZhEn } from './wmt19.js'
import { xlsum } from './xlsum.js'

/** The public data sets, by name. */
export const datasets: ReadonlyMap<string, Dataset> = new Map(
  [xlsum, msmarco, quac, wmt19ZhEn, wmt19EnZh].map((dataset) => [dataset.name, dataset]),
)
