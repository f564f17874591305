import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

/** Places of an installed Chrome or Chromium; the one that npm carries is the last resort. */
const INSTALLED = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
]
// No sandbox, because the tests may run as root; nothing that asks the network.
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** A real browser: an installed one, else the one in @sparticuz/chromium. */
export async function launchBrowser(): Promise<Browser> {
  const installed =
    process.env.STEADYGRAD_TEST_BROWSER === 'npm'
      ? undefined
      : INSTALLED.find((path) => path && existsSync(path))
  if (installed) return chromium.launch({ executablePath: installed, args: QUIET })
  const { default: carried } = await import('@sparticuz/chromium')
  return chromium.launch({
    executablePath: await carried.executablePath(),
    args: [...carried.args, ...QUIET]
  })
}
