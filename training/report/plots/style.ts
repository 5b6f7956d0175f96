/** Colour and shape of a strategy in every plot. */
export interface StrategyMark {
  color: string
  shape: string
}

/**
 * The palette of Okabe & Ito (2008), which people with any of the common colour-vision deficiencies can tell apart, without its black and
 * yellow, which vanish on a dark or a light page. Shapes differ as well, for print in grey.
 */
const marks: Record<string, StrategyMark> = {
  greedy: { color: '#8a8a8a', shape: 'cross' },
  'fixed-temperature': { color: '#E69F00', shape: 'triangle-up' },
  'hand-set-edt': { color: '#56B4E9', shape: 'square' },
  'best-fixed-edt': { color: '#0072B2', shape: 'diamond' },
  'best-fixed-edt-per-task': { color: '#009E73', shape: 'triangle-down' },
  'learned-edt': { color: '#D55E00', shape: 'circle' },
  oracle: {
    color: '#CC79A7',
    shape: 'M0,-1L0.3,-0.35L1,-0.3L0.45,0.15L0.62,0.85L0,0.45L-0.62,0.85L-0.45,0.15L-1,-0.3L-0.3,-0.35Z',
  },
}

/** For strategies that the palette does not know, in turn. */
const further: StrategyMark[] = [
  { color: '#8C6BB1', shape: 'triangle-left' },
  { color: '#A6761D', shape: 'triangle-right' },
  { color: '#66A61E', shape: 'stroke' },
]

/** @param ids of all strategies of a plot, so that each gets a mark of its own */
export function strategyMarks(ids: readonly string[]): StrategyMark[] {
  let unknown = 0
  return ids.map((id) => marks[id] ?? further[unknown++ % further.length])
}

export const learnedColor = marks['learned-edt'].color
export const bestFixedColor = marks['best-fixed-edt'].color

/** Text and axes take the colour of the page around them, so that one picture serves light and dark. */
export const pageColor = 'currentColor'
