/** A curve as points (Self-BLEU, quality) in any order. */
export interface PlaneCurve {
  selfBleu: ArrayLike<number>
  quality: ArrayLike<number>
}

export interface AreaBetween {
  /** ∫ (upper − lower) d Self-BLEU over the common range, divided by the range's width; 0 without a common range. */
  meanGap: number
  /** From the larger of the two smallest to the smaller of the two largest Self-BLEU; empty (from ≥ to) when the curves have none in common. */
  range: [number, number]
}

/**
 * How far one curve lies above another on average, at equal Self-BLEU. Points are joined by straight lines in the order of their Self-BLEU, and
 * the integral of the two broken lines' difference is exact; of points with one Self-BLEU the mean quality counts.
 */
export function areaBetween(upper: PlaneCurve, lower: PlaneCurve): AreaBetween {
  const [a, b] = [sorted(upper), sorted(lower)]
  const from = Math.max(a[0].x, b[0].x)
  const to = Math.min(a[a.length - 1].x, b[b.length - 1].x)
  if (!(from < to)) return { meanGap: 0, range: [from, to] }
  const inside = [...a, ...b].map(({ x }) => x).filter((x) => x > from && x < to)
  const places = [from, ...inside.sort((x, y) => x - y), to]
  const gaps = places.map((x) => at(a, x) - at(b, x))
  let area = 0
  for (let i = 1; i < places.length; i++) area += ((gaps[i] + gaps[i - 1]) / 2) * (places[i] - places[i - 1])
  return { meanGap: area / (to - from), range: [from, to] }
}

interface Point {
  x: number
  y: number
}

function sorted({ selfBleu, quality }: PlaneCurve): Point[] {
  const points = Array.from({ length: selfBleu.length }, (_, i) => ({ x: selfBleu[i], y: quality[i] }))
  points.sort((p, q) => p.x - q.x)
  const merged: (Point & { count: number })[] = []
  for (const { x, y } of points) {
    const last = merged.at(-1)
    if (last?.x === x) {
      last.count++
      last.y += (y - last.y) / last.count
    } else merged.push({ x, y, count: 1 })
  }
  return merged
}

/** The broken line at a place inside its range. */
function at(points: readonly Point[], x: number): number {
  const right = points.findIndex((point) => point.x >= x)
  const [p, q] = [points[Math.max(0, right - 1)], points[right]]
  return p.x === q.x ? q.y : p.y + ((q.y - p.y) * (x - p.x)) / (q.x - p.x)
}
