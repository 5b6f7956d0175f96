/** One line of the table: what was measured, what it is compared with, and what was asked for. */
export interface Figure {
  /** What is measured, with the sizes that matter. @example 'draw, V = 49,152' */
  name: string
  /** The figure, in `unit`. */
  value: number
  /** @example 'ms a row' */
  unit: string
  /** The other way of doing the same, in the same unit and the same run. */
  baseline?: { name: string; value: number }
  /** How many times better than the baseline, > 1 is better. */
  ratio?: number
  /** What issue 5 asks for; absent for figures that only inform. */
  target?: { text: string; met: boolean }
  /** What a reader should know: sizes, settings, the profile of a miss. */
  notes?: string[]
}

export interface BenchOptions {
  /** Smaller sizes and fewer repetitions: minutes become seconds, and the figures coarser. */
  quick: boolean
  /** Threads inside one step of a model, for both sides of a comparison. */
  threads: number
  /** Prompts for the memory figure. */
  memoryPrompts: number
  /** Prompts for the figure with few samples each. */
  smallPrompts: number
  /** Tells what is going on. */
  say: (text: string) => void
}

/** A group of figures. @returns the figures, or a sentence that says why it was left out */
export type BenchGroup = (options: BenchOptions) => Promise<Figure[] | string>
