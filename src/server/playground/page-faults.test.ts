import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumFlags, chromiumPath, chromiumSkipNote } from '../../testing/chromium.js'
import { type PageState, toFragment } from './shared/state.js'
import { servePage } from './testing/served-page.js'

const usual: PageState = {
  ...{ task: '', prompt: 'Describe hello: example package\nDescription:', chat: false, balance: 0.5 },
  ...{ temperature: 0.8, samples: 1, maxTokens: 8, seed: 1, topP: 0.95, oneLine: true },
}
/** So many tokens that the answers are still being drawn when something happens. */
const long = { samples: 8, maxTokens: 450, oneLine: false, t0: 2.2, theta: 0 }

describe.skipIf(chromiumPath === undefined)(`what can go wrong on the page, in Chromium${chromiumSkipNote}`, () => {
  let browser: Browser
  let server: Awaited<ReturnType<typeof servePage>>
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumFlags })
    server = await servePage({ tuner: 'debian-6m/universal' })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

  async function open(fields: Partial<PageState>, url = server.url): Promise<Page> {
    const page = await browser.newPage()
    await page.goto(`${url}/#${toFragment({ ...usual, ...fields }, false)}`)
    await page.locator('#served dd').first().waitFor()
    return page
  }
  const generate = (page: Page) => page.getByRole('button', { name: 'Generate' }).click()
  const finished = (page: Page) => page.locator('#status', { hasText: 'tokens in' }).waitFor()

  it('says so when the server goes away while it answers, and when it is no longer there', async () => {
    const other = await servePage()
    const page = await open(long, other.url)
    await generate(page)
    await page.locator('#column-edt .token').nth(3).waitFor()
    await other.close()
    await page.getByRole('alert').filter({ hasText: 'The connection to the server broke off' }).waitFor()
    await generate(page)
    await page.getByRole('alert').filter({ hasText: 'see whether `edt serve` is still running' }).waitFor()
  })

  it('shows the number that counts where one out of range was typed', async () => {
    const page = await open({})
    const typed = async (name: string, value: string) => {
      const field = page.getByRole('spinbutton', { name })
      await field.fill(value)
      await field.blur()
      return field.inputValue()
    }
    expect(await typed('Answers', '50')).toBe('8')
    expect(await typed('top-p', '7')).toBe('1')
    expect(await typed('Tokens at most', '2.6')).toBe('3')
    expect(await typed('Seed', '')).toBe('0')
    await generate(page)
    await finished(page)
    expect(await page.locator('#column-edt .answer').count()).toBe(8)
  })

  it('opens a link to a chat with a model that has no chat template as a plain prompt', async () => {
    const page = await open({ chat: true })
    await generate(page)
    await finished(page)
    expect(await page.locator('#column-edt .token').count()).toBeGreaterThan(0)
  })
})
