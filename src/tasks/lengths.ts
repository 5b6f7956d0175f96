/** How long texts are. */
export interface Lengths {
  mean: number
  min: number
  median: number
  /** 95 of 100 texts are at most this long. */
  p95: number
  max: number
}

/** Counts lengths as they come: memory grows with the different lengths, not with the texts. */
export class LengthCounter {
  private readonly texts = new Map<number, number>()
  private sum = 0
  private count = 0

  add(length: number): void {
    this.texts.set(length, (this.texts.get(length) ?? 0) + 1)
    this.sum += length
    this.count++
  }

  /** Undefined when nothing was counted. */
  summary(): Lengths | undefined {
    if (this.count === 0) return undefined
    const sorted = [...this.texts].sort(([a], [b]) => a - b)
    const quantile = (share: number) => {
      let seen = 0
      for (const [length, texts] of sorted) {
        seen += texts
        if (seen >= share * this.count) return length
      }
      return sorted[sorted.length - 1][0]
    }
    return {
      mean: this.sum / this.count,
      min: sorted[0][0],
      median: quantile(0.5),
      p95: quantile(0.95),
      max: quantile(1),
    }
  }
}
