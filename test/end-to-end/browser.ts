import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

/** The carried browser is meant for scraping; without this a page asks its server as it does for users. */
const UNSAFE = '--disable-web-security'

/** A real browser: an installed one, else the one in @sparticuz/chromium. */
export async function launchBrowser(): Promise<Browser> {
  const wantsCarried = process.env.STEADYGRAD_TEST_BROWSER === 'npm'
  const installed = wantsCarried ? undefined : INSTALLED.find((path) => path && existsSync(path))
  return installed ? chromium.launch({ executablePath: installed, args: QUIET }) : launchCarried()
}

/** The package carries besides the browser the libraries and fonts that a bare system lacks. */
async function launchCarried(): Promise<Browser> {
  const { default: carried, inflate } = await import('@sparticuz/chromium')
  const executablePath = await carried.executablePath()
  const packed = join(
    dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
    '../bin/al2023.tar.br'
  )
  const libraries = join(await inflate(packed), 'lib')
  return chromium.launch({
    executablePath,
    args: [...carried.args.filter((argument) => argument !== UNSAFE), ...QUIET],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      FONTCONFIG_PATH: process.env.FONTCONFIG_PATH ?? join(tmpdir(), 'fonts')
    }
  })
}
