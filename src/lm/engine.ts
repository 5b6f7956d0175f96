import { InvalidOptionError } from '../errors.js'
import { AlignedBatch } from './aligned-batch.js'
import type { Batch, BatchModel, Lane } from './batch.js'
import { ContextOverflowError } from './errors.js'
import { OrdinaryBatch } from './ordinary-batch.js'
import { type DecodeProfile, newDecodeProfile } from './profile.js'
import { RowInFlight } from './row.js'
import { SharedPrefixBatch } from './shared-prefix-batch.js'
import type { DecodedRow, DecodeEngine, DecodeRow, EngineOptions, Prefill } from './types.js'

/** What the engine needs of a loaded model. */
export interface EngineModel {
  contextLength: number
  vocabularySize: number
  endTokenIds: ReadonlySet<number>
  stopStrings: readonly string[]
  decode(tokenIds: readonly number[]): string
  /** Text of one token alone, from a cache. */
  tokenText(token: number): string
  ordinary: BatchModel
  /** The rewritten graph, or undefined where there is none. */
  shared(): Promise<BatchModel | undefined>
}

interface EngineLane extends Lane {
  /** Rows whose prompt and tokens so far are the same: one pass of the model serves them all. One row outside a shared batch. */
  rows: RowInFlight[]
  /** True for the lane that runs the same prompt without its source. */
  contrast: boolean
}

/** Below this many rows on one prompt the ordinary path is as fast, and lets different prompts share a batch. */
const SHARE_FROM_ROWS = 4
/** Wider ordinary batches gain nothing: the cache no longer fits the processor's. */
const MAX_ORDINARY_LANES = 64

/**
 * Decodes rows in shared batches. Rows that continue the same prompt share its prefill, and go through the model as one for
 * as long as they have drawn the same tokens; each row has its own sampler, random stream, stop rule and trace; finished
 * rows leave at once and waiting rows take their place.
 */
export class Engine implements DecodeEngine {
  private readonly waiting: RowInFlight[] = []
  private readonly sharedBatches = new Map<Prefill, SharedPrefixBatch<EngineLane>>()
  private readonly ordinaryBatch: Batch<EngineLane>
  private readonly maxRows: number
  private readonly sharePrefix: boolean
  private readonly profile: DecodeProfile
  private running = false
  peakCacheBytes = 0

  constructor(
    private readonly model: EngineModel,
    { maxRows = 256, sharePrefix = true, profile = newDecodeProfile() }: EngineOptions = {},
  ) {
    if (!Number.isInteger(maxRows) || maxRows < 1)
      throw new InvalidOptionError('maxRows', 'a whole number ≥ 1', maxRows)
    this.maxRows = maxRows
    this.sharePrefix = sharePrefix
    this.profile = profile
    this.ordinaryBatch = new (model.ordinary.padsRight ? AlignedBatch : OrdinaryBatch)(model.ordinary, profile)
  }

  decode(request: DecodeRow): Promise<DecodedRow> {
    return new Promise((resolve, reject) => {
      const { maxNewTokens, prefill, contrast, sampler, alternatives = 0 } = request
      if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1) {
        throw new InvalidOptionError('maxNewTokens', 'a whole number ≥ 1', maxNewTokens)
      }
      if (!Number.isInteger(alternatives) || alternatives < 0) {
        throw new InvalidOptionError('alternatives', 'a whole number ≥ 0', alternatives)
      }
      if (sampler.needsContrast && contrast === undefined) {
        throw new InvalidOptionError('contrast', 'the prefill of the prompt without its source', contrast)
      }
      if (contrast !== undefined && this.maxRows < 2) {
        throw new InvalidOptionError('maxRows', 'at least 2 for a row with a contrast', this.maxRows)
      }
      const promptTokens = Math.max(prefill.tokenIds.length, contrast?.tokenIds.length ?? 0)
      if (promptTokens + maxNewTokens > this.model.contextLength) {
        throw new ContextOverflowError(promptTokens, maxNewTokens, this.model.contextLength)
      }
      this.waiting.push(new RowInFlight(request, this.model, resolve, reject))
      if (!this.running) {
        this.running = true
        // Rows handed over in the same turn shall start together.
        setImmediate(() => void this.loop())
      }
    })
  }

  private async loop(): Promise<void> {
    const { profile } = this
    const accountedFor = (): number => profile.model + profile.cache + profile.draw
    while (this.waiting.length > 0 || this.rowsInFlight > 0) {
      const [started, before] = [performance.now(), accountedFor()]
      try {
        await this.admit()
      } catch (error) {
        for (const row of this.waiting.splice(0)) row.fail(error)
      }
      for (const batch of [...this.sharedBatches.values(), this.ordinaryBatch]) await this.stepBatch(batch)
      for (const [prefill, batch] of this.sharedBatches) {
        if (batch.lanes.length === 0) this.sharedBatches.delete(prefill)
      }
      profile.bookkeeping += performance.now() - started - (accountedFor() - before)
    }
    this.running = false
  }

  /** A row with a contrast counts twice. */
  private get rowsInFlight(): number {
    let rows = 0
    for (const batch of [...this.sharedBatches.values(), this.ordinaryBatch]) {
      for (const lane of batch.lanes) rows += lane.rows.length
    }
    return rows
  }

  /** Starts waiting rows, oldest first, as far as there is room. */
  private async admit(): Promise<void> {
    if (this.waiting.length === 0) return
    let room = this.maxRows - this.rowsInFlight
    // Joining copies the batch's cache once, so rows join in groups.
    if (room < Math.min(this.waiting.length, Math.ceil(this.maxRows / 8))) return
    let ordinaryRoom = Math.min(MAX_ORDINARY_LANES, this.maxRows) - this.ordinaryBatch.lanes.length
    const shared = this.sharePrefix && this.waiting.length >= SHARE_FROM_ROWS ? await this.model.shared() : undefined
    const rowsOfPrompt = new Map<Prefill, number>()
    for (const { request } of this.waiting) {
      rowsOfPrompt.set(request.prefill, (rowsOfPrompt.get(request.prefill) ?? 0) + 1)
    }
    const joining = new Map<Batch<EngineLane>, { lanes: EngineLane[]; prefills: Prefill[] }>()
    const stay: RowInFlight[] = []
    for (const row of this.waiting.splice(0)) {
      const { prefill, contrast } = row.request
      const open = this.sharedBatches.get(prefill)
      const share =
        contrast === undefined &&
        (open !== undefined || (shared !== undefined && (rowsOfPrompt.get(prefill) ?? 0) >= SHARE_FROM_ROWS))
      const lanesNeeded = contrast === undefined ? 1 : 2
      if (room < lanesNeeded || (!share && ordinaryRoom < lanesNeeded)) {
        stay.push(row)
        continue
      }
      const drawing = performance.now()
      const ended = row.start()
      this.profile.draw += performance.now() - drawing
      if (ended) continue
      let batch: Batch<EngineLane> = this.ordinaryBatch
      if (share) {
        batch =
          open ?? this.sharedBatches.get(prefill) ?? new SharedPrefixBatch(shared as BatchModel, prefill, this.profile)
        this.sharedBatches.set(prefill, batch as SharedPrefixBatch<EngineLane>)
      } else {
        ordinaryRoom -= lanesNeeded
      }
      room -= lanesNeeded
      const group = joining.get(batch) ?? { lanes: [], prefills: [] }
      joining.set(batch, group)
      // Rows that drew the same first token start as one.
      const twin = share ? group.lanes.find((entry) => entry.rows[0].lastToken === row.lastToken) : undefined
      if (twin !== undefined) {
        twin.rows.push(row)
        continue
      }
      group.lanes.push(lane(row, false))
      group.prefills.push(prefill)
      if (contrast !== undefined) {
        group.lanes.push(lane(row, true))
        group.prefills.push(contrast)
      }
    }
    this.waiting.unshift(...stay)
    const copying = performance.now()
    for (const [batch, { lanes, prefills }] of joining) batch.add(lanes, prefills)
    this.profile.cache += performance.now() - copying
  }

  private async stepBatch(batch: Batch<EngineLane>): Promise<void> {
    const { lanes } = batch
    for (const { rows } of lanes) for (const row of rows) row.checkAborted()
    leave(batch)
    if (lanes.length === 0) return
    for (const entry of lanes) entry.token = entry.rows[0].lastToken
    let logits: Float32Array
    try {
      logits = await batch.step()
    } catch (error) {
      for (const { rows } of lanes) for (const row of rows) row.fail(error)
      leave(batch)
      return
    }
    const held = [...this.sharedBatches.values(), this.ordinaryBatch].reduce((sum, { bytes }) => sum + bytes, 0)
    this.peakCacheBytes = Math.max(this.peakCacheBytes, held)
    const { profile } = this
    const { vocabularySize } = this.model
    const logitsOf = (index: number): Float32Array =>
      logits.subarray(index * vocabularySize, (index + 1) * vocabularySize)
    const contrastLane = new Map<RowInFlight, number>()
    lanes.forEach((entry, index) => {
      if (entry.contrast) contrastLane.set(entry.rows[0], index)
    })
    const drawing = performance.now()
    profile.steps++
    profile.lanes += lanes.length
    lanes.forEach((entry, index) => {
      if (entry.contrast) return
      profile.rows += entry.rows.length
      const contrast = contrastLane.get(entry.rows[0])
      for (const row of entry.rows) {
        row.draw(logitsOf(index), contrast === undefined ? undefined : logitsOf(contrast))
      }
    })
    const drawn = performance.now()
    profile.draw += drawn - drawing
    leave(batch)
    if (batch instanceof SharedPrefixBatch) part(batch)
    profile.cache += performance.now() - drawn
  }
}

/** Takes out finished rows, and lanes without rows. */
function leave(batch: Batch<EngineLane>): void {
  for (let i = batch.lanes.length - 1; i >= 0; i--) {
    const lane = batch.lanes[i]
    if (lane.rows.some((row) => row.finished)) lane.rows = lane.rows.filter((row) => !row.finished)
    if (lane.rows.length === 0) batch.remove(i)
  }
}

/** Gives rows that drew another token than the first row of their lane a lane of their own, one for each such token. */
function part(batch: SharedPrefixBatch<EngineLane>): void {
  for (let i = batch.lanes.length - 1; i >= 0; i--) {
    const parent = batch.lanes[i]
    const { lastToken } = parent.rows[0]
    if (parent.rows.every((row) => row.lastToken === lastToken)) continue
    const byToken = new Map<number, RowInFlight[]>()
    for (const row of parent.rows) byToken.set(row.lastToken, [...(byToken.get(row.lastToken) ?? []), row])
    const [first, ...others] = byToken.values()
    parent.rows = first
    batch.fork(
      i,
      others.map((rows) => ({ ...parent, rows })),
    )
  }
}

function lane(row: RowInFlight, contrast: boolean): EngineLane {
  return { rows: [row], contrast, token: 0, length: 0, position: 0 }
}
