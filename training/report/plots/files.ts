import { createRequire } from 'node:module'

/** Dots of a PNG for each pixel of its SVG: about 200 dots an inch where a figure is as wide as a page. */
const SCALE = 2

/** Text colour of a picture on a ground of its own. */
const TEXT = '#1f2328'

/** What the fonts that come along have no glyphs for: the scripts of East Asia, emoji and other rare signs. */
const beyondOwnFonts = /[\u1100-\u11ff\u2e80-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\uffef]|[\u{1f000}-\u{3ffff}]/u

/** A picture of a page as a file: black on white, whatever shows it. */
export function standaloneSvg(svg: string): string {
  const end = svg.indexOf('>') + 1
  const ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
  return `${svg.slice(0, end)}${ground}${svg.slice(end)}\n`.replaceAll('currentColor', TEXT)
}

/**
 * A standalone SVG as PNG, drawn by resvg with the DejaVu fonts of the npm package `dejavu-fonts-ttf`, so that text is there, and the same,
 * on every machine. The machine's own fonts are asked only for scripts that those lack.
 * @see https://github.com/thx/resvg-js
 */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js')
  const { resolve } = createRequire(import.meta.url)
  const fontFiles = ['Sans', 'Sans-Bold', 'Sans-Oblique', 'SansMono', 'SansMono-Bold'].map((face) =>
    resolve(`dejavu-fonts-ttf/ttf/DejaVu${face}.ttf`),
  )
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: {
      fontFiles,
      loadSystemFonts: beyondOwnFonts.test(svg),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
      monospaceFamily: 'DejaVu Sans Mono',
    },
  })
  return image.render().asPng()
}
