import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'

const taskSettings = z.strictObject({
  name: z.string().min(1),
  metric: z.enum(['rougeL', 'bleu']),
  tokenize: z.enum(['13a', 'zh', 'char', 'intl', 'none']),
  maxNewTokens: z.int().positive(),
  stop: z.array(z.string()),
  /** The prompts are put into the model's chat template. */
  chat: z.boolean().optional(),
  /** Longer sources were cut to this many characters. */
  maxSourceChars: z.int().positive().optional(),
  /** How rows without splits were shared out. */
  splits: z.string().optional(),
})

/**
 * Everything that decides the numbers of a run. Two runs with equal settings and equal prompts have equal stores;
 * a run is resumed with its own settings only. How many prompts a run has is no setting: it may grow.
 */
export const runSettingsSchema = z.strictObject({
  model: z.strictObject({
    id: z.string().min(1),
    vocabularySize: z.int().positive(),
    vocabularyHash: z.string().min(1),
    dtype: z.string().min(1),
  }),
  /** In the order of their names. */
  tasks: z.array(taskSettings).min(1),
  grid: z.strictObject({
    t0: z.array(z.number().positive()).min(1),
    theta: z.array(z.number().nonnegative()).min(1),
  }),
  /** Samples a cell. */
  samples: z.int().positive(),
  /** Self-BLEU is the mean over disjoint groups of this many samples. */
  selfBleuGroup: z.int().min(2),
  seed: z.int(),
  truncation: z.strictObject({
    topNSigma: z.number().nonnegative().optional(),
    topK: z.int().nonnegative().optional(),
    topP: z.number().positive().max(1).optional(),
    minP: z.number().min(0).max(1).optional(),
  }),
  /** Most rows in one batch of the decode engine: batches of other sizes round differently. */
  maxRows: z.int().positive(),
  /** Version of the feature code. */
  featureVersion: z.int().nonnegative(),
  /** Signature of the sampler of each cell, in the order of the cells. */
  samplers: z.array(z.string()).min(1),
})

export type RunSettings = z.infer<typeof runSettingsSchema>

export interface SettingDifference {
  /** Path of the setting, e.g. `grid.t0` or `tasks.answer.maxNewTokens`. */
  setting: string
  stored: unknown
  asked: unknown
}

/** The first setting, in the order of the schema, in which two runs differ; undefined when they agree. */
export function firstDifference(stored: RunSettings, asked: RunSettings): SettingDifference | undefined {
  return differenceIn(byName(stored), byName(asked), Object.keys(runSettingsSchema.shape), '')
}

/** As a file would hold them, but tasks keyed by name, so that a difference is called `tasks.answer.stop` and not `tasks.0.stop`. */
function byName(given: RunSettings): Record<string, unknown> {
  const settings: RunSettings = JSON.parse(JSON.stringify(given))
  const names = settings.tasks.map((task) => task.name)
  return {
    ...settings,
    tasks: { names, ...Object.fromEntries(settings.tasks.map((task) => [task.name, task])) },
  }
}

function differenceIn(
  stored: Record<string, unknown>,
  asked: Record<string, unknown>,
  keys: readonly string[],
  prefix: string,
): SettingDifference | undefined {
  for (const key of keys) {
    const [a, b] = [stored[key], asked[key]]
    if (isDeepStrictEqual(a, b)) continue
    if (isRecord(a) && isRecord(b)) {
      const inner = differenceIn(a, b, [...new Set([...Object.keys(a), ...Object.keys(b)])], `${prefix}${key}.`)
      if (inner !== undefined) return inner
    }
    return { setting: `${prefix}${key}`, stored: a, asked: b }
  }
  return undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
