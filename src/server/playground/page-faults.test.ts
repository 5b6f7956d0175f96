import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath, chromiumSkipNote } from '../../testing/chromium.js'
import { type PageState, toFragment } from './shared/state.js'
import { servePage } from './testing/served-page.js'
import { Visitor } from './testing/visitor.js'

const usual: PageState = {
  ...{ task: '', prompt: 'Describe hello: example package\nDescription:', chat: false, balance: 0.5 },
  ...{ temperature: 0.8, samples: 1, maxTokens: 8, seed: 1, topP: 0.95, oneLine: true },
}
/** So many tokens that the answers are still being drawn when something happens. */
const long = { samples: 8, maxTokens: 450, oneLine: false, t0: 2.2, theta: 0 }

describe.skipIf(chromiumPath === undefined)(`what can go wrong on the page, in Chromium${chromiumSkipNote}`, () => {
  let visitor: Visitor
  let server: Awaited<ReturnType<typeof servePage>>
  beforeAll(async () => {
    visitor = await Visitor.start()
    server = await servePage({ tuner: 'debian-6m/universal' })
  })
  afterAll(async () => {
    await visitor?.close()
    await server?.close()
  })
  afterEach(() => visitor.leave())

  const open = (fields: Partial<PageState>, url = server.url) =>
    visitor.open(url, `#${toFragment({ ...usual, ...fields }, false)}`)
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

  it('asks the tuner anew when the balance is moved while answers are being drawn', async () => {
    const page = await open(long)
    await generate(page)
    await page.locator('#column-edt .token').nth(3).waitFor()
    await page.getByRole('button', { name: 'Set T0 automatically' }).click()
    await page.getByRole('button', { name: 'Set θ automatically' }).click()
    await page.getByRole('slider', { name: 'Balance' }).fill('0.9')
    await page.locator('.by', { hasText: 'set by the tuner for this prompt at balance 0.9' }).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    expect(await page.locator('#t0-value').innerText()).not.toBe('2.2')
    expect(await page.locator('#column-edt .setting').innerText()).toBe('T0 2.2, θ 0, set by hand')
  })

  it('keeps a token’s numbers beside it when a long answer scrolls', async () => {
    const page = await open({ ...long, samples: 1, maxTokens: 300, topP: 1 })
    await generate(page)
    await finished(page)
    await page.locator('#column-edt .token').first().focus()
    await page.keyboard.press('End')
    const last = page.locator('#column-edt .token').last()
    const apart = async () => {
      const [token, inspector] = await Promise.all([last.boundingBox(), page.getByRole('tooltip').boundingBox()])
      const below = inspector!.y - (token!.y + token!.height)
      return Math.max(below, token!.y - (inspector!.y + inspector!.height))
    }
    await expect.poll(apart).toBeLessThan(20)
    const before = (await last.boundingBox())!.y
    await page.evaluate(`document.querySelector('#column-edt .tokens').scrollTop -= 60`)
    await expect.poll(async () => (await last.boundingBox())!.y - before).toBe(60)
    await expect.poll(apart).toBeLessThan(20)
  })

  it('shows what the tuner chose though the answers could not be drawn', async () => {
    const page = await open({ maxTokens: 512 })
    await page.getByRole('textbox', { name: 'Prompt' }).press('Control+Enter')
    await page.getByRole('alert').filter({ hasText: "the model's context holds 512" }).waitFor()
    await page.locator('.by', { hasText: 'set by the tuner for this prompt at balance 0.5' }).waitFor()
  })
})
