/** Colour and shape of a strategy in every plot. */
export interface StrategyMark {
  color: string
  /** A shape of Vega, or an SVG path between −1 and 1. */
  shape: string
}

/**
 * The palette of Okabe & Ito (2008) and, beyond its eight, of Tol (2021, "muted"), without black and yellow, which vanish on a dark or a light
 * page. Kinds of strategies share a colour: truncation is purple, fixed cells of EDT are blue. No two share a shape, so that print in grey
 * and people with any colour-vision deficiency tell them apart.
 */
const marks: Record<string, StrategyMark> = {
  greedy: { color: '#8a8a8a', shape: 'cross' },
  'fixed-temperature': { color: '#E69F00', shape: 'triangle-up' },
  'top-p': { color: '#8C6BB1', shape: 'triangle-left' },
  'min-p': { color: '#8C6BB1', shape: 'triangle-right' },
  'top-n-sigma': { color: '#8C6BB1', shape: 'M-0.8,-0.9L0.8,-0.9L-0.8,0.9L0.8,0.9Z' },
  dynatemp: {
    color: '#A6761D',
    shape: 'M-1,-0.2L0,0.55L1,-0.2L1,0.4L0,1.1L-1,0.4ZM-1,-1L0,-0.25L1,-1L1,-0.4L0,0.35L-1,-0.4Z',
  },
  kld: {
    color: '#AA4499',
    shape:
      'M-0.95,-0.6L-0.6,-0.95L0,-0.35L0.6,-0.95L0.95,-0.6L0.35,0L0.95,0.6L0.6,0.95L0,0.35L-0.6,0.95L-0.95,0.6L-0.35,0Z',
  },
  'hand-set-edt': { color: '#56B4E9', shape: 'square' },
  'best-fixed-edt': { color: '#0072B2', shape: 'diamond' },
  // The curve of which the best fixed EDT is a point.
  'fixed-edt': { color: '#0072B2', shape: 'diamond' },
  'best-fixed-edt-per-task': { color: '#009E73', shape: 'triangle-down' },
  'tuned-edt': { color: '#0072B2', shape: 'M0,-1L0.95,-0.31L0.59,0.81L-0.59,0.81L-0.95,-0.31Z' },
  'edt-sequence': { color: '#56B4E9', shape: 'M-0.5,-0.87L0.5,-0.87L1,0L0.5,0.87L-0.5,0.87L-1,0Z' },
  'learned-edt': { color: '#D55E00', shape: 'circle' },
  'learned-edt-per-task': {
    color: '#D55E00',
    shape: 'M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1ZM0,-0.5A0.5,0.5,0,1,0,0,0.5A0.5,0.5,0,1,0,0,-0.5Z',
  },
  oracle: {
    color: '#CC79A7',
    shape: 'M0,-1.2L0.36,-0.42L1.2,-0.36L0.54,0.18L0.74,1.02L0,0.54L-0.74,1.02L-0.54,0.18L-1.2,-0.36L-0.36,-0.42Z',
  },
}

/** For strategies that the palette does not know, in turn. */
const further: StrategyMark[] = [
  { color: '#66A61E', shape: 'M-1,-0.3L-0.3,-0.3L-0.3,-1L0.3,-1L0.3,-0.3L1,-0.3L1,0.3L-1,0.3Z' },
  { color: '#A6761D', shape: 'M-1,-1L1,-1L0,0L1,1L-1,1L0,0Z' },
  { color: '#66A61E', shape: 'M-1,-0.3L1,-0.3L1,0.3L-1,0.3Z' },
]

/** @param ids of all strategies of a plot, so that each gets a mark of its own */
export function strategyMarks(ids: readonly string[]): StrategyMark[] {
  let unknown = 0
  return ids.map((id) => marks[id] ?? further[unknown++ % further.length])
}

export const markOf = (id: string) => strategyMarks([id])[0]
export const learnedColor = marks['learned-edt'].color
export const bestFixedColor = marks['best-fixed-edt'].color

/** Text and axes take the colour of the page around them, so that one picture serves light and dark. */
export const pageColor = 'currentColor'

export const sansSerif = 'system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif'
/** resvg asks for the first family alone, so that must be the one that comes along. */
export const monospace = '"DejaVu Sans Mono", ui-monospace, Menlo, "Cascadia Code", "Liberation Mono", monospace'
