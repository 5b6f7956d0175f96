/** A rectangle in pixels; y grows downwards. */
export interface Box {
  x0: number
  y0: number
  x1: number
  y1: number
}

export interface LabelledPoint {
  text: string
  /** Pixels from the left and upper edges of the plot. */
  x: number
  y: number
}

export interface PlacedLabel extends LabelledPoint {
  /** Where the text stands. */
  box: Box
  /** So far from its point that a line must join them. */
  far: boolean
}

export interface PlaceOptions {
  width: number
  height: number
  fontSize: number
  /** Things that labels must not hide besides the points, e.g. error bars. */
  obstacles: readonly Box[]
}

/** Width of a character in parts of the font's size; DejaVu, the widest font that these plots meet, has 0.62. */
const CHARACTER = 0.62
const POINT_RADIUS = 7
const distances = [11, 20, 32, 46, 62, 80]
const directions = Array.from({ length: 16 }, (_, i) => (i * Math.PI) / 8)

/**
 * Puts a label beside each point where it hides as little as it can: every label takes the best of 96 places around its point, and twice more,
 * once the others are known. A label outside the plot counts as hidden.
 */
export function placeLabels(points: readonly LabelledPoint[], options: PlaceOptions): PlacedLabel[] {
  const candidates = points.map((point) => candidatesOf(point, options))
  const chosen: Candidate[] = []
  for (let round = 0; round < 3; round++) {
    for (const [i, places] of candidates.entries()) {
      const others = [...chosen.entries()].filter(([j]) => j !== i).map(([, candidate]) => candidate)
      const cost = (place: Candidate) => place.cost + hidden(place, others)
      chosen[i] = places.reduce((best, place) => (cost(place) < cost(best) ? place : best))
    }
  }
  return points.map((point, i) => {
    const { box, distance } = chosen[i]
    return { ...point, box, far: distance > distances[1] }
  })

  function candidatesOf(point: LabelledPoint, { width, height, fontSize, obstacles }: PlaceOptions): Candidate[] {
    const size = { width: point.text.length * CHARACTER * fontSize, height: 1.2 * fontSize }
    const dots = points.map(({ x, y }) => boxAround(x, y, 2 * POINT_RADIUS, 2 * POINT_RADIUS))
    return distances.flatMap((distance, step) =>
      directions.map((angle): Candidate => {
        const x = point.x + Math.cos(angle) * (distance + size.width / 2)
        const y = point.y + Math.sin(angle) * (distance + size.height / 2)
        const box = boxAround(x, y, size.width, size.height)
        const outside = Math.max(0, -box.x0, -box.y0, box.x1 - width, box.y1 - height)
        const covered =
          10 * sum(dots.map((dot) => overlap(box, dot))) + 2 * sum(obstacles.map((bar) => overlap(box, bar)))
        // Beside the point is where people look first.
        const askew = 8 * Math.abs(Math.sin(angle))
        return { box, distance, cost: covered + 1000 * outside + 18 * step + askew }
      }),
    )
  }
}

interface Candidate {
  box: Box
  distance: number
  cost: number
}

/** How much a label collides with those of others. */
function hidden({ box }: Candidate, others: readonly Candidate[]): number {
  return 20 * sum(others.map((other) => overlap(box, other.box)))
}

function boxAround(x: number, y: number, width: number, height: number): Box {
  return { x0: x - width / 2, x1: x + width / 2, y0: y - height / 2, y1: y + height / 2 }
}

/** Common area of two boxes, pixels². */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0)
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0)
  return width > 0 && height > 0 ? width * height : 0
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
