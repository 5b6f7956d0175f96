/**
 * `npm run images:playground`: pictures of the playground in docs/images/, on the real server with the embedded model: light with a token's numbers,
 * dark, and a narrow screen. The same model gives the same pictures. Needs Chromium and `npm run build`.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { EdtError } from '../src/errors.js'
import { startServer } from '../src/server/index.js'
import { type PageState, toFragment } from '../src/server/playground/shared/state.js'
import { openTask } from '../src/tasks/index.js'
import { chromiumFlags, chromiumPath } from '../src/testing/chromium.js'

const outDir = join('docs', 'images')
const wide = { width: 1360, height: 1180 }
const views = [
  { name: 'light', colorScheme: 'light', viewport: wide, token: 5 },
  { name: 'dark', colorScheme: 'dark', viewport: wide, token: undefined },
  { name: 'narrow', colorScheme: 'light', viewport: { width: 400, height: 1500 }, token: undefined },
] as const

async function exampleState(): Promise<PageState> {
  const task = 'translate-fr'
  const [, , , { prompt }] = await (await openTask(task)).examples('test', 4)
  return {
    ...{ task, prompt, chat: false, balance: 0.5 },
    ...{ temperature: 0.8, samples: 3, maxTokens: 64, seed: 4, topP: 0.95, oneLine: true },
  }
}

async function main(): Promise<void> {
  if (chromiumPath === undefined) {
    throw new EdtError('No Chromium was found, which draws the pictures; install it, or set EDT_CHROMIUM to its path.')
  }
  await mkdir(outDir, { recursive: true })
  const server = await startServer({ model: 'debian-6m', tuner: 'debian-6m/universal', port: 0 })
  const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumFlags })
  try {
    const address = `${server.url}/#${toFragment(await exampleState(), true)}`
    for (const { name, token, ...settings } of views) {
      const page = await browser.newPage({ ...settings, reducedMotion: 'reduce' })
      await page.goto(address)
      await page.locator('#status', { hasText: 'tokens in' }).waitFor()
      // How long it took is not the same every time.
      await page.locator('#status').evaluate((status) => {
        status.textContent = 'Point at a token, or go through them with the arrow keys.'
      })
      if (settings.viewport !== wide) await page.locator('.map').evaluate((map) => map.scrollIntoView())
      if (token !== undefined) await page.locator('#column-edt .token').nth(token).hover()
      await page.screenshot({ path: join(outDir, `playground-${name}.png`) })
      await page.close()
    }
  } finally {
    await browser.close()
    await server.close()
  }
  console.log(`Pictures of the playground written to ${outDir}`)
}

main().catch((error) => {
  console.error(error instanceof EdtError ? error.message : error)
  process.exitCode = error instanceof EdtError ? 2 : 1
})
