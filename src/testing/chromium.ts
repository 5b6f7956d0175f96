import { existsSync } from 'node:fs'

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The browser of EDT_CHROMIUM, or the first at one of the usual places; undefined where there is none. */
export const chromiumPath = process.env.EDT_CHROMIUM ?? usual.find((path) => existsSync(path))

/** Nothing but what the page asks for: no sandbox (root in containers), and no requests of the browser's own. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const chromiumSkipNote =
  chromiumPath === undefined ? ' (SKIPPED: no Chromium; set EDT_CHROMIUM to its path)' : ''
