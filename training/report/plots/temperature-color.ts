/** Stops of the scale from the lowest to the highest temperature: ever darker, from pale blue to orange, so that it reads in grey, too. */
const stops = [
  [0xee, 0xf5, 0xfb],
  [0xfb, 0xdd, 0xa8],
  [0xe2, 0x7a, 0x2b],
] as const

/** Black text reads well on all of the scale. */
export const TOKEN_TEXT = '#15181c'

/**
 * The ground of a token.
 * @param share of the highest temperature shown, 0–1
 */
export function temperatureColor(share: number): string {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1)
  const below = Math.min(Math.floor(place), stops.length - 2)
  const channel = (i: number) => {
    const value = stops[below][i] + (place - below) * (stops[below + 1][i] - stops[below][i])
    return Math.round(value).toString(16).padStart(2, '0')
  }
  return `#${channel(0)}${channel(1)}${channel(2)}`
}
