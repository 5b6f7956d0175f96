import { describe, expect, it } from 'vitest'
import { renderPng, standaloneSvg } from './files.js'

const picture = async (text: string) =>
  Buffer.from(
    await renderPng(
      standaloneSvg(
        `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text x="5" y="25" font-family='system-ui, sans-serif' font-size="16" fill="currentColor">${text}</text></svg>`,
      ),
    ),
  )

describe('renderPng', () => {
  it('draws two dots for each pixel', async () => {
    const png = await picture('EDA')
    // The head of a PNG: width and height at bytes 16 and 20.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([240, 80])
  })

  it('has glyphs for every sign of these reports, without asking the machine for fonts', async () => {
    const [blank, missing] = await Promise.all(['', '\u0378'].map(picture))
    const drawn = new Set<string>()
    const signs = [...'Eθσ−≥√½²⏎⇥∅ü×·–']
    for (const sign of signs) {
      const png = await picture(sign)
      expect(png.equals(blank), `${sign} vanished`).toBe(false)
      expect(png.equals(missing), `${sign} is a box`).toBe(false)
      drawn.add(png.toString('base64'))
    }
    expect(drawn.size).toBe(signs.length)
  })
})

describe('standaloneSvg', () => {
  it('is black on white, whatever shows it', () => {
    const svg = standaloneSvg('<svg width="1"><text fill="currentColor">x</text></svg>')
    expect(svg).toBe(
      '<svg width="1"><rect width="100%" height="100%" fill="#ffffff"/><text fill="#1f2328">x</text></svg>\n',
    )
  })
})
