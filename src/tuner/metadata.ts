import { z } from 'zod'
import { FEATURE_GROUPS } from '../features/index.js'
import type { FeatureGroup } from '../features/types.js'

/** Raised whenever `tuner.json` changes so that older code would misread it. */
export const CHECKPOINT_FORMAT = 2

const score = z.number().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
// Tasks are keys of objects; `constructor` and the like would find what all objects have.
const taskName = z
  .string()
  .min(1)
  .refine((name) => !(name in {}), 'expected the name of a task')
const cell = z.object({ t0: z.number().positive(), theta: z.number().min(0) })
const balance = z.number().gt(0).lt(1)
const range = z.tuple([z.number().min(0), z.number().min(0)])
const ascending = (values: number[]) => values.every((value, i) => i === 0 || value > values[i - 1])
const axis = (value: z.ZodNumber) => z.array(value).min(1).refine(ascending, 'expected ascending numbers')

/** What `tuner.json` of a checkpoint says. */
export const tunerMetadataSchema = z
  .object({
    /** Version of this file's format. */
    formatVersion: z.literal(CHECKPOINT_FORMAT),
    /** Version of edt-tuner that trained it, and when (ISO 8601, UTC). */
    toolVersion: z.string(),
    createdAt: z.iso.datetime(),
    tunerName: z.string().min(1),
    /** The language model that it was trained for; another vocabulary is refused, another dtype is only a difference in precision. */
    languageModel: z.object({
      id: z.string().min(1),
      vocabularySize: z.int().positive(),
      vocabularyHash: z.string().min(1),
      dtype: z.string().min(1),
    }),
    tasks: z.array(taskName).min(1),
    /** What the network reads: `clip((x − mean) / std, −5, 5)` of these features, in this order. */
    features: z.object({
      version: z.int().min(1),
      groups: z.array(z.enum(FEATURE_GROUPS as readonly [FeatureGroup, ...FeatureGroup[]])),
      names: z.array(z.string().min(1)),
      means: z.array(z.number()),
      stds: z.array(z.number().positive()),
    }),
    /** The grid that it was trained on; predictions lie between its first and last values. */
    grid: z.object({ t0: axis(z.number().positive()), theta: axis(z.number().min(0)) }),
    ranges: z.object({ t0: range, theta: range }),
    /** Q* and D* of each task: highest mean quality and highest mean Self-BLEU over the grid, on the training prompts. */
    references: z.record(
      z.string(),
      z.object({ bestQuality: z.number().positive(), worstSelfBleu: z.number().min(0) }),
    ),
    /** The settings without a tuner that did best on the training prompts. */
    bestCells: z.object({
      fixed: cell,
      /** Best fixed temperature; absent when the grid has no θ = 0. */
      fixedTemperature: z.number().positive().optional(),
      perTask: z.record(z.string(), cell),
    }),
    /** How the tuner takes a balance w between quality and diversity (EDA_w, DESIGN §3). */
    balance: z.object({
      /** Smallest and largest w that can be asked for; equal for a tuner of one w. */
      range: z.tuple([balance, balance]),
      /** Where the network starts from at some w, ascending, with straight lines between: its output is a step away from there. */
      baseline: z.array(cell.extend({ balance })).min(1),
      /** At some w: the best fixed cell of the training prompts, its EDA_w on the validation prompts, and that of the tuner asked for w. */
      scores: z.array(cell.extend({ balance, bestFixed: score, learned: score })).min(1),
    }),
    /** Mean quality and Self-BLEU (0–100) of each task's training prompts on every cell of the grid, T0-major. */
    meanSurfaces: z.record(
      z.string(),
      z.object({ prompts: z.int().min(1), quality: z.array(score), selfBleu: z.array(score) }),
    ),
    /** Corpus EDA on the validation prompts at the default balance (lower is better). */
    scores: z.object({ validation: z.object({ prompts: z.int().min(1), bestFixed: score, learned: score }) }),
    /** How quality and Self-BLEU were computed, per task. */
    signatures: z.record(z.string(), z.string()),
    /** Samples a cell. */
    samples: z.int().min(1),
    seed: z.int(),
    /** Settings of the training and the TensorFlow.js backend that it ran on. */
    training: z.record(z.string(), z.unknown()),
    /** How the samples of training were decoded: what `generate` does unless told otherwise. */
    decoding: z.object({
      maxNewTokens: z.int().min(1),
      stop: z.array(z.string()),
      topP: z.number().positive().max(1),
    }),
    /** The network's weights: size and SHA-256 (hex) of weights.bin. */
    weights: z.object({ bytes: z.int().positive(), sha256 }),
    /** SHA-256 of model.json. Checkpoints of early versions have none, nor the next. */
    modelSha256: sha256.optional(),
    /** SHA-256 of all other fields of this file as compact JSON: a number that a bad disk changed is still a number. */
    contentSha256: sha256.optional(),
  })
  .superRefine((metadata, context) => {
    const { features, grid, ranges, tasks, references } = metadata
    const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
    for (const field of ['means', 'stds'] as const) {
      const found = features[field].length
      if (found !== features.names.length) {
        complain(['features', field], `expected ${features.names.length} numbers, one for each name, found ${found}`)
      }
    }
    for (const side of ['t0', 'theta'] as const) {
      const [first, last] = [grid[side][0], grid[side][grid[side].length - 1]]
      if (ranges[side][0] !== first || ranges[side][1] !== last) {
        complain(
          ['ranges', side],
          `expected the ends of the grid, ${first} and ${last}, found ${ranges[side].join(' and ')}`,
        )
      }
    }
    const { baseline, range } = metadata.balance
    if (
      !ascending(baseline.map((knot) => knot.balance)) ||
      `${[baseline[0].balance, baseline.at(-1)!.balance]}` !== `${range}`
    ) {
      complain(['balance', 'baseline'], `expected ascending balances from ${range.join(' to ')}`)
    }
    for (const task of tasks) {
      const surface = Object.hasOwn(metadata.meanSurfaces, task) ? metadata.meanSurfaces[task] : undefined
      const cells = grid.t0.length * grid.theta.length
      if (surface?.quality.length !== cells || surface.selfBleu.length !== cells) {
        complain(['meanSurfaces', task], `expected the quality and Self-BLEU of ${cells} cells`)
      }
    }
    const missing = tasks.find((task) => !Object.hasOwn(references, task))
    if (missing !== undefined) complain(['references'], `expected Q* and D* of the task ${missing}, found none`)
  })

/** What a checkpoint knows about itself; see the fields of `tunerMetadataSchema`. */
export type TunerMetadata = z.infer<typeof tunerMetadataSchema>
