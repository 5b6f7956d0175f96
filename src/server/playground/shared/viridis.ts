/** Five colours of matplotlib's viridis, evenly spaced from dark to bright; it keeps its order in grey and for colour-blind eyes. */
const stops = [
  [0x44, 0x01, 0x54],
  [0x3b, 0x52, 0x8b],
  [0x21, 0x91, 0x8c],
  [0x5e, 0xc9, 0x62],
  [0xfd, 0xe7, 0x25],
] as const

/** A colour of the scale, and the ink that reads on it. @param share 0 is dark, 1 is bright */
export function viridis(share: number): { ground: string; ink: string } {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1)
  const below = Math.min(Math.floor(place), stops.length - 2)
  const channels = stops[below].map((from, i) => Math.round(from + (place - below) * (stops[below + 1][i] - from)))
  const hex = channels.map((value) => value.toString(16).padStart(2, '0')).join('')
  return {
    ground: `#${hex}`,
    ink: contrast(channels, [255, 255, 255]) >= contrast(channels, [0, 0, 0]) ? '#fff' : '#000',
  }
}

/** Contrast of two colours, 1–21. @see WCAG 2.2, contrast ratio @param left, right red, green and blue, 0–255 */
export function contrast(left: readonly number[], right: readonly number[]): number {
  const [dark, bright] = [luminance(left), luminance(right)].sort((a, b) => a - b)
  return (bright + 0.05) / (dark + 0.05)
}

function luminance(channels: readonly number[]): number {
  const [red, green, blue] = channels.map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
