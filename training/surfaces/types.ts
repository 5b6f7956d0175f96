import type { Cell } from '../types.js'

/** Q* and D* of a task: the highest mean quality and the highest mean Self-BLEU among the cells of the training grid, both > 0. */
export interface TaskReference {
  bestQuality: number
  worstSelfBleu: number
}

/** The settings without a tuner that do best on the training prompts. */
export interface BestCells {
  /** One cell for all tasks. */
  fixed: Cell
  /** One temperature for all tasks (θ = 0); undefined when the grid has no such cell. */
  fixedTemperature?: number
  /** One cell for each task. */
  perTask: Readonly<Record<string, Cell>>
}

/** Mean quality and Self-BLEU of one task on every cell of the grid. */
export interface MeanSurface {
  /** `training`: the surfaces the tuner was trained on; `oracle`: the oracle's rollouts on held-out prompts. */
  source: 'training' | 'oracle'
  prompts: number
  /** 0–100, one number a cell. */
  quality: number[]
  /** 0–100, one number a cell. */
  selfBleu: number[]
}
