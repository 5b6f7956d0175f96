import type { Cell, Grid } from '../../../tuner/types.js'

/** Mean quality and Self-BLEU of a task's training prompts on every cell of the tuner's grid (T0-major), with what they are judged by. */
export interface TaskSurface {
  prompts: number
  /** 0–100. */
  quality: readonly number[]
  /** 0–100; lower is more diverse. */
  selfBleu: readonly number[]
  /** Q*, the highest mean quality over the grid. */
  bestQuality: number
  /** D*, the highest mean Self-BLEU over the grid. */
  worstSelfBleu: number
}

/** What the page needs of a tuner. */
export interface PlaygroundTuner {
  name: string
  grid: Grid
  /** Smallest and largest balance that can be asked for, and the one that holds otherwise. */
  balance: { least: number; most: number; usual: number }
  /** The cell that is best for all tasks together, and the best fixed temperature where the grid has θ = 0. */
  best: { fixed: Cell; temperature?: number }
  /** By task. */
  surfaces: Record<string, TaskSurface>
  /** How the training's samples were decoded. */
  decoding: { topP: number; stop: readonly string[]; maxNewTokens: number }
}

/** A task of the menu. */
export interface PlaygroundTask {
  name: string
  description: string
  /** Whether prompts of its test split can be asked for. */
  examples: boolean
}

/** Answer of `GET /playground/settings`. */
export interface PlaygroundSettings {
  model: { id: string; dtype: string; device: string; hasChatTemplate: boolean }
  /** Absent when the server has no tuner: T0 and θ are then set by hand. */
  tuner?: PlaygroundTuner
  tasks: PlaygroundTask[]
}

/** A prompt of a task's test split. */
export interface PlaygroundExample {
  id: string
  prompt: string
  references: readonly string[]
}

/** Answer of `GET /playground/examples?task=NAME`. */
export interface PlaygroundExamples {
  task: string
  examples: PlaygroundExample[]
}

/** Body of `POST /playground/self-bleu`: at least two answers to one prompt; the task says how they are cut into words. */
export interface SelfBleuRequest {
  texts: readonly string[]
  task?: string
}

/** Answer of `POST /playground/self-bleu`. */
export interface SelfBleuAnswer {
  /** 0–100; lower is more diverse. */
  score: number
  signature: string
}
