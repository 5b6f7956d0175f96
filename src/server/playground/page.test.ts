import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { selfBleu } from '../../metrics/index.js'
import { chromiumPath, chromiumSkipNote } from '../../testing/chromium.js'
import { contrast } from './shared/viridis.js'
import { servePage } from './testing/served-page.js'
import { Visitor } from './testing/visitor.js'

const PROMPT = 'Translate to French: This package contains the documentation for the Python library.\nTranslation:'

let visitor: Visitor
let server: Awaited<ReturnType<typeof servePage>>

const openPage = (fragment = '', options: BrowserContextOptions = {}) => visitor.open(server.url, fragment, options)

async function generate(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Generate' }).click()
  await finished(page)
}

const finished = (page: Page) => page.locator('#status', { hasText: 'tokens in' }).waitFor()
const text = (page: Page, selector: string) => page.locator(selector).first().innerText()
const readout = (page: Page) => page.locator('.readout dd').allInnerTexts()
const tokens = (page: Page, side: 'edt' | 'fixed') => page.locator(`#column-${side} .token`)
/** The figure of a column, by the name before it. */
const figure = (page: Page, side: 'edt' | 'fixed', name: string) =>
  page.locator(`#column-${side} .figures div`, { hasText: name }).locator('dd').innerText()

interface Completion {
  edt: { t0: number; theta: number }
  choices: { text: string; edt: { trace: Step[] } }[]
}
interface Step {
  text: string
  entropy: number
  temperature: number
  probability: number
}

/** What the API itself answers. */
async function complete(body: object) {
  const response = await fetch(`${server.url}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: PROMPT, seed: 1, max_tokens: 64, top_p: 0.95, stop: ['\n'], ...body }),
  })
  return (await response.json()) as Completion
}

describe.skipIf(chromiumPath === undefined)(`the playground in Chromium${chromiumSkipNote}`, () => {
  beforeAll(async () => {
    visitor = await Visitor.start()
    server = await servePage({ tuner: 'debian-6m/universal' })
  })
  afterAll(async () => {
    await visitor?.close()
    await server?.close()
  })
  afterEach(async () => {
    expect(await visitor.leave()).toEqual({ complaints: [], strangers: [] })
  })

  it('draws a prompt with the T0 and theta of the tuner, beside the fixed temperature', async () => {
    const page = await openPage()
    await page.getByRole('textbox', { name: 'Prompt' }).fill(PROMPT)
    await generate(page)
    const { edt, choices } = await complete({ n: 3, edt: { balance: 0.5, trace: true } })
    expect(await readout(page)).toEqual([
      String(Number(edt.t0.toPrecision(3))),
      String(Number(edt.theta.toPrecision(3))),
      expect.stringMatching(/^\d+\.\d$/),
    ])
    expect(await text(page, '#column-edt .setting')).toContain('set by the tuner for this prompt at balance 0.5')
    const shown = await page.locator('#column-edt .answer').first().locator('.token').allTextContents()
    expect(shown).toEqual(choices[0].edt.trace.map((step) => step.text.replace('\n', '⏎')))
    expect(await figure(page, 'fixed', 'mean T')).toBe('0.80')
    expect(await page.locator('.mark.edt').count()).toBeGreaterThan(0)
  })

  it('tells a token’s numbers to the pointer and to the keyboard', async () => {
    const page = await openPage()
    await page.getByRole('textbox', { name: 'Prompt' }).fill(PROMPT)
    await generate(page)
    const { choices } = await complete({ n: 3, edt: { balance: 0.5, trace: true, alternatives: 6 } })
    const at = choices[0].edt.trace.findIndex(({ probability }) => probability < 0.9)
    const step = choices[0].edt.trace[at]
    const inspector = page.getByRole('tooltip')
    await tokens(page, 'edt').nth(at).hover()
    const told = await inspector.innerText()
    expect(told).toContain(`entropy, nats\n${step.entropy.toFixed(3)}`)
    expect(told).toContain(step.temperature.toFixed(3))
    expect(told).toContain(`${(100 * step.probability).toFixed(1)} %`)
    expect(await inspector.locator('tbody tr').count()).toBe(6)
    await page.mouse.move(1, 1)
    await inspector.waitFor({ state: 'hidden' })
    await tokens(page, 'edt').first().focus()
    for (let i = 0; i < at; i++) await page.keyboard.press('ArrowRight')
    expect(await inspector.innerText()).toBe(told)
    expect(await page.locator(':focus').getAttribute('aria-describedby')).toBe('inspector')
    await page.keyboard.press('Escape')
    expect(await inspector.isVisible()).toBe(false)
  })

  it('asks the tuner anew when the balance is moved, and moves the best fixed cell', async () => {
    const page = await openPage()
    await page.selectOption('#task', 'answer')
    await page.locator('.by', { hasText: 'at balance 0.5' }).waitFor()
    const before = [await readout(page), await text(page, '#map-side')]
    await page.getByRole('slider', { name: 'Balance' }).fill('0.95')
    await page.locator('.by', { hasText: 'at balance 0.95' }).waitFor()
    expect(await readout(page)).not.toEqual(before[0])
    expect(await text(page, '#map-side')).toContain('Best fixed cell at balance 0.95: T0 0.8, θ 6')
    expect(before[1]).toContain('Best fixed cell at balance 0.5: T0 1, θ 0.5')
  })

  it('lets T0 be set by hand and be automatic again', async () => {
    const page = await openPage()
    await page.getByRole('textbox', { name: 'Prompt' }).fill(PROMPT)
    expect(await text(page, '#t0-mode')).toBe('automatic')
    await page.getByRole('slider', { name: 'T0' }).fill('0.4')
    expect(await text(page, '#t0-mode')).toBe('by hand')
    await generate(page)
    expect((await readout(page))[0]).toBe('0.4')
    expect(await text(page, '#column-edt .setting')).toContain('T0 by hand, θ by the tuner')
    await page.getByRole('button', { name: 'Set T0 automatically' }).click()
    expect(await text(page, '#t0-mode')).toBe('automatic')
    await page.locator('.by', { hasText: 'set by the tuner' }).waitFor()
    expect((await readout(page))[0]).not.toBe('0.4')
  })

  it('shows the Self-BLEU that the library computes, with its signature', async () => {
    const page = await openPage()
    await page.getByRole('textbox', { name: 'Prompt' }).fill(PROMPT)
    await page.getByRole('spinbutton', { name: 'Answers' }).fill('5')
    await generate(page)
    const { choices } = await complete({ n: 5, edt: { balance: 0.5 } })
    const { score, signature } = selfBleu(choices.map((choice) => choice.text))
    expect(await figure(page, 'edt', 'Self-BLEU')).toBe(score.toFixed(1))
    expect(await text(page, '#column-edt .signature')).toBe(signature)
  })

  it('restores everything from a link, the answers too', async () => {
    const page = await openPage()
    await page.selectOption('#task', 'summarize')
    await page.getByRole('slider', { name: 'Fixed T' }).fill('1.3')
    await page.getByRole('slider', { name: 'θ' }).press('End')
    expect(await text(page, '#theta-value')).toBe('6')
    await page.getByRole('slider', { name: 'θ' }).press('ArrowLeft')
    await page.getByLabel('Seed', { exact: true }).fill('77')
    await generate(page)
    await page.getByRole('button', { name: 'Copy link' }).click()
    const other = await openPage(new URL(page.url()).hash)
    await finished(other)
    for (const selector of ['#column-edt', '#column-fixed']) {
      expect(await text(other, selector)).toBe(await text(page, selector))
    }
    expect(await text(other, '#theta-mode')).toBe('by hand')
    expect(await text(other, '#theta-value')).toBe(await text(page, '#theta-value'))
    expect(await other.locator('#task').inputValue()).toBe('summarize')
  })

  it('keeps a prompt of one’s own when a task is chosen for its map, and changes examples for examples', async () => {
    const page = await openPage()
    const prompt = page.getByRole('textbox', { name: 'Prompt' })
    await page.selectOption('#task', 'answer')
    await page.locator('#example option').nth(40).waitFor({ state: 'attached' })
    await expect.poll(() => prompt.inputValue()).toMatch(/Answer:$/)
    await page.selectOption('#task', 'describe')
    await expect.poll(() => prompt.inputValue()).toMatch(/Description:$/)
    expect(await page.locator('#references').textContent()).toContain('This library')
    await prompt.fill('My own prompt')
    await page.selectOption('#task', 'summarize')
    await page.locator('#map-side', { hasText: 'of the task summarize' }).waitFor()
    expect(await prompt.inputValue()).toBe('My own prompt')
    expect(await page.locator('#references').isVisible()).toBe(false)
  })

  it('works with the keyboard alone', async () => {
    const page = await openPage()
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    await page.locator('#prompt').focus()
    await page.keyboard.type('Describe hello: example package\nDescription:')
    await page.getByRole('button', { name: 'Generate' }).focus()
    await press('Enter')
    await finished(page)
    const gridcell = page.locator('.cell[tabindex="0"]')
    await gridcell.focus()
    await press('ArrowRight', 'ArrowUp')
    expect(await text(page, '.map-side .hint')).toMatch(/^T0 0\.5, θ 0\.5: EDA \d/)
    await press('Enter')
    expect(await readout(page)).toEqual(['0.5', '0.5', expect.any(String)])
    expect(await text(page, '#theta-mode')).toBe('by hand')
    // From the map on, the Tab key comes to the answers: the button of the first, then its tokens.
    await press('Tab')
    expect(await page.locator(':focus').innerText()).toBe('Answer 1')
    await press('Tab', 'End')
    expect(await page.getByRole('tooltip').innerText()).toContain(
      `of ${await page.locator('#column-edt .answer').first().locator('.token').count()}`,
    )
  })

  it('says in a sentence what went wrong', async () => {
    const page = await openPage()
    await page.getByRole('button', { name: 'Generate' }).click()
    expect(await text(page, '#error')).toBe(
      'There is no prompt yet; type one, or choose a task and one of its examples.',
    )
    await page.getByRole('textbox', { name: 'Prompt' }).fill('word '.repeat(3000))
    await page.getByRole('button', { name: 'Generate' }).click()
    await page.locator('#error', { hasText: /tokens/ }).waitFor()
    expect(await page.locator('.answer').first().isVisible()).toBe(false)
    // Chromium notes every answer with a status of 400 in its console.
    visitor.complaints = visitor.complaints.filter((complaint) => !complaint.includes('status of 400'))
  })

  it('stops when it is told to', async () => {
    const page = await openPage()
    await page.getByRole('textbox', { name: 'Prompt' }).fill(PROMPT)
    await page.getByLabel('Tokens at most').fill('400')
    await page.getByLabel('Stop at the first line end').uncheck()
    await page.getByRole('slider', { name: 'T0' }).fill('2.2')
    await page.getByRole('slider', { name: 'θ' }).fill('0')
    await page.getByRole('spinbutton', { name: 'Answers' }).fill('8')
    await page.getByRole('button', { name: 'Generate' }).click()
    await tokens(page, 'edt').nth(10).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.locator('#status', { hasText: 'Stopped.' }).waitFor()
    expect(await page.getByRole('button', { name: 'Generate' }).isEnabled()).toBe(true)
  })

  it.each(['light', 'dark'] as const)(
    'is readable in %s: text on every ground of a token has a contrast of 4.5 or more',
    async (colorScheme) => {
      const page = await openPage('', { colorScheme })
      const colours = (await page.evaluate(`Array.from({ length: 10 }, (_, i) => {
      const token = Object.assign(document.createElement('span'), { className: 'token heat-' + i })
      document.body.append(token)
      const { color, backgroundColor } = getComputedStyle(token)
      return [color, backgroundColor, getComputedStyle(document.body).backgroundColor]
    })`)) as string[][]
      const channels = (colour: string) => (colour.match(/\d+/g) as string[]).map(Number)
      for (const [ink, ground] of colours) expect(contrast(channels(ink), channels(ground))).toBeGreaterThan(4.5)
      expect(new Set(colours.map(([, ground]) => ground)).size).toBe(10)
      expect(channels(colours[0][2])[0] > 128).toBe(colorScheme === 'light')
    },
  )

  it('fits a narrow screen, with every control named', async () => {
    const page = await openPage('', { viewport: { width: 400, height: 800 }, reducedMotion: 'reduce' })
    await page.getByRole('textbox', { name: 'Prompt' }).fill(PROMPT)
    await generate(page)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400)
    // The answers lie below the settings and were brought into view.
    await expect
      .poll(() => page.evaluate('document.querySelector("#status").getBoundingClientRect().top'))
      .toBeLessThan(100)
    await tokens(page, 'edt').first().hover()
    const sheet = await page.getByRole('tooltip').boundingBox()
    expect(sheet).toMatchObject({ x: 0, width: 400 })
    expect(await page.evaluate(`document.querySelector('#inspector').scrollWidth`)).toBeLessThanOrEqual(400)
    const nameless = await page.evaluate(`[...document.querySelectorAll('input, select, textarea, button')]
      .filter(({ labels, textContent, ariaLabel }) => !labels?.length && !textContent && !ariaLabel)
      .map(({ id }) => id)`)
    expect(nameless).toEqual([])
  })

  it('runs no script and loads nothing that is not the server’s own', async () => {
    const page = await openPage()
    await page.evaluate(`
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.intruder = true' }))
      document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/picture.png' }))
    `)
    expect(await page.evaluate(`'intruder' in window`)).toBe(false)
    await expect.poll(() => visitor.complaints.length).toBe(2)
    const { complaints } = await visitor.leave()
    for (const complaint of complaints) expect(complaint).toContain('Content Security Policy')
  })

  it('asks for an API key where the server wants one, and sets T0 and theta by hand where there is no tuner', async () => {
    const guarded = await servePage({ apiKey: 'open sesame' })
    try {
      const page = await visitor.open(guarded.url)
      expect(await text(page, '#served')).toContain('none: set T0 and θ by hand')
      await page.getByRole('textbox', { name: 'Prompt' }).fill(PROMPT)
      await page.getByRole('button', { name: 'Generate' }).click()
      await page.locator('#error', { hasText: 'Enter it under “API key”' }).waitFor()
      visitor.complaints = visitor.complaints.filter((complaint) => !complaint.includes('status of 401'))
      await page.getByText('API key', { exact: true }).click()
      await page.getByLabel(/^API key of this server/).fill('open sesame')
      await generate(page)
      expect(await text(page, '#column-edt .setting')).toBe('T0 0.6, θ 0.1, set by hand')
      expect(await figure(page, 'edt', 'Self-BLEU')).toMatch(/^\d/)
      expect(decodeURIComponent(page.url())).not.toContain('sesame')
    } finally {
      await guarded.close()
    }
  })
})
