import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumFlags, chromiumPath } from '../../../testing/chromium.js'

/** Someone who visits pages with Chromium, and notes what they complain of and whom they ask. */
export class Visitor {
  /** Errors in the console and errors that nobody caught. */
  complaints: string[] = []
  /** Addresses beyond the page's own server. */
  strangers: string[] = []

  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<Visitor> {
    return new Visitor(await chromium.launch({ executablePath: chromiumPath, args: chromiumFlags }))
  }

  /** Opens the playground in a fresh browser profile. @param fragment the part of its address after `/` */
  async open(url: string, fragment = '', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await this.browser.newContext(options)).newPage()
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()))
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('request', (request) => !request.url().startsWith(`${url}/`) && this.strangers.push(request.url()))
    await page.goto(`${url}/${fragment}`)
    await page.locator('#served dd').first().waitFor()
    return page
  }

  /** Closes all pages. @returns what was noted, and forgets it */
  async leave(): Promise<{ complaints: string[]; strangers: string[] }> {
    for (const context of this.browser.contexts()) await context.close()
    const { complaints, strangers } = this
    this.complaints = []
    this.strangers = []
    return { complaints, strangers }
  }

  close(): Promise<void> {
    return this.browser.close()
  }
}
