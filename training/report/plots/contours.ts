import type { TaskReference } from '../../ablate/types.js'
import { normalizedEda } from '../../surfaces/normalized-eda.js'

/** A rectangle of the plane: Self-BLEU from left to right, quality from bottom to top. */
export interface PlaneDomain {
  x: [number, number]
  y: [number, number]
}

export interface ContourPoint {
  level: number
  /** Place along the line. */
  order: number
  x: number
  y: number
}

export interface ContourLabel {
  level: number
  x: number
  y: number
  /** The edge of the domain at which the contour ends. */
  edge: 'top' | 'right'
}

/** Places of a contour between straight up and straight down from the aim. */
const steps = 120

/**
 * Lines of equal EDA through a domain: ellipses around the aim (Self-BLEU 0, quality Q*). They reach beyond the domain and are to be clipped.
 * @returns points in the order in which they are to be joined, by level
 */
export function edaContours(reference: TaskReference, domain: PlaneDomain): ContourPoint[] {
  const { bestQuality, worstSelfBleu } = reference
  return contourLevels(reference, domain).flatMap((level) => {
    const radius = (Math.SQRT2 * level) / 100
    return Array.from({ length: steps + 1 }, (_, order): ContourPoint => {
      const angle = (order / steps) * Math.PI
      return {
        level,
        order,
        x: worstSelfBleu * radius * Math.sin(angle),
        y: bestQuality * (1 + radius * Math.cos(angle)),
      }
    })
  })
}

/** Where contours leave the domain through its upper edge, or else through its right edge. */
export function contourLabels(reference: TaskReference, domain: PlaneDomain): ContourLabel[] {
  const { bestQuality, worstSelfBleu } = reference
  const [right, top] = [domain.x[1], domain.y[1]]
  return contourLevels(reference, domain).flatMap((level): ContourLabel[] => {
    const square = 2 * (level / 100) ** 2
    const x = worstSelfBleu * Math.sqrt(square - (1 - top / bestQuality) ** 2)
    if (x >= domain.x[0] && x <= right) return [{ level, x, y: top, edge: 'top' }]
    const y = bestQuality * (1 - Math.sqrt(square - (right / worstSelfBleu) ** 2))
    return y >= domain.y[0] && y <= top ? [{ level, x: right, y, edge: 'right' }] : []
  })
}

/** Round levels, at most eight of them between the domain's least and greatest EDA. */
function contourLevels({ bestQuality, worstSelfBleu }: TaskReference, { x, y }: PlaneDomain): number[] {
  const edaAt = (selfBleu: number, quality: number) => normalizedEda(quality / bestQuality, selfBleu / worstSelfBleu)
  const nearest = Math.min(Math.max(bestQuality, y[0]), y[1])
  const corners = x.flatMap((selfBleu) => y.map((quality) => edaAt(selfBleu, quality)))
  const [low, high] = [edaAt(Math.max(0, x[0]), nearest), Math.max(...corners)]
  const step = [1, 2, 5, 10, 20].find((size) => (high - low) / size <= 8) ?? 50
  const levels: number[] = []
  for (let level = Math.ceil(low / step) * step; level <= high; level += step) if (level > 0) levels.push(level)
  return levels
}
