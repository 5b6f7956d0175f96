/**
 * `npm run images [-- RUN]`: the pictures of docs/images/ that show the report of a run (default runs/universal): its page in light and dark, and its
 * figures. The same run gives the same pictures. Without Chromium the pages are left out.
 */
import { execFile } from 'node:child_process'
import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { EdtError } from '../src/errors.js'
import { chromiumPath } from '../src/testing/chromium.js'
import { reportInRun } from '../training/run/index.js'

const outDir = join('docs', 'images')
const run = promisify(execFile)

/** The upper part of a page, as wide as a README shows it. */
async function screenshot(browser: string, page: string, scheme: 'light' | 'dark', file: string): Promise<void> {
  await run(browser, [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--window-size=1120,1250',
    // Blink's own name for prefers-color-scheme: 0 is dark, 1 is light.
    `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
    `--screenshot=${file}`,
    pathToFileURL(page).href,
  ])
}

async function main([root = join('runs', 'universal')]: string[]): Promise<void> {
  const { html, figures } = await reportInRun(root)
  await mkdir(outDir, { recursive: true })
  for (const { png } of figures) await copyFile(png, join(outDir, `report-${basename(png)}`))
  if (chromiumPath === undefined) {
    console.log('No Chromium found (set EDT_CHROMIUM to its path): the pictures of the report page are left out.')
  } else {
    for (const scheme of ['light', 'dark'] as const) {
      await screenshot(chromiumPath, html, scheme, join(outDir, `report-${scheme}.png`))
    }
  }
  console.log(`Pictures of ${root} written to ${outDir}`)
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof EdtError ? error.message : error)
  process.exitCode = error instanceof EdtError ? 2 : 1
})
