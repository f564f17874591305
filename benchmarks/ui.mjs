// `node benchmarks/ui.mjs [--json] [--seconds N] [--gpu]`: how quickly the window answers, measured in a real browser
// with a workbench that trains nothing. Prints one table, or one JSON object. Without --gpu all drawing is done in
// software, as on a machine without a graphics card.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import process from 'node:process'
import { URL } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { secondsOf } from './tables.mjs'

const STREAM_STEPS_PER_SECOND = 100
const MESSAGES_PER_SECOND = 20
/** Steps before frames are counted: charts are full then, and older steps are joined. */
const STEPS_BEFORE = 20_000
const MEMORY_STEPS = 100_000
const GESTURES = 150
const VIEWPORT = { width: 1440, height: 900 }
const TABS = ['Gradients', 'Updates', 'Map', 'Depth']

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    gpu: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '8' }
  }
})
const seconds = secondsOf('seconds', options.seconds)

/** @typedef {{ measure: string, value: string, goal: string }} Row */

const folder = mkdtempSync(join(tmpdir(), 'steadygrad-bench-ui-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
await build({
  configFile: false,
  root: resolve(import.meta.dirname, 'ui'),
  base: './',
  logLevel: 'error',
  build: { outDir: folder, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 4096 },
  plugins: [svelte({ configFile: false })]
})
const { address, close } = await serveFolder(folder)
const browser = await launch()
try {
  report([await timeOpening(), ...(await timeStreaming()), ...(await timeGestures()), await weighStreaming()])
} finally {
  await browser.close()
  close()
}

/** Time from opening the page until Start can be pressed. */
async function timeOpening() {
  const times = []
  for (let attempt = 0; attempt < 5; attempt++) {
    const page = await browser.newPage({ viewport: VIEWPORT })
    await page.goto(`${address}?scene=start`)
    const start = page.getByRole('button', { name: /^Start/ }).first()
    await start.waitFor()
    await page.waitForFunction(`!document.querySelector('button.primary:disabled')`)
    times.push(/** @type {number} */ (await page.evaluate('performance.now()')))
    await page.close()
  }
  return {
    measure: 'page interactive after opening',
    value: `${Math.round(times.sort((a, b) => a - b)[2])} ms`,
    goal: '1000 ms'
  }
}

/** Frames and tasks while 20 layers stream, for each chart of layers. */
async function timeStreaming() {
  /** @type {Row[]} */
  const rows = []
  const page = await openScene('stream')
  await page.evaluate(`bench.streamAll(${STEPS_BEFORE})`)
  await page.evaluate(`bench.streamOn(${STREAM_STEPS_PER_SECOND}, ${MESSAGES_PER_SECOND})`)
  for (const tab of TABS) {
    await page.getByRole('tab', { name: tab }).click()
    await page.waitForTimeout(1000)
    const { frames, tasks } = /** @type {{ frames: number, tasks: number[] }} */ (
      await page.evaluate(`bench.watch(${seconds * 1000})`)
    )
    const longest = tasks.length > 0 ? `${Math.round(Math.max(...tasks))} ms` : '< 50 ms'
    rows.push(
      { measure: `${tab}: frames per second while 20 layers stream`, value: frames.toFixed(1), goal: '60' },
      { measure: `${tab}: longest task while 20 layers stream`, value: longest, goal: '50 ms' }
    )
  }
  await page.close()
  return rows
}

/** Frame times while a run of a million steps is zoomed and moved, one gesture for each frame. */
async function timeGestures() {
  /** @type {Row[]} */
  const rows = []
  const page = await openScene('long')
  for (const tab of TABS) {
    await page.getByRole('tab', { name: tab }).click()
    await page.waitForTimeout(500)
    const times = /** @type {number[]} */ (await page.evaluate(`bench.zoomAndPan(${GESTURES})`))
    times.sort((a, b) => a - b)
    const at = (/** @type {number} */ share) => Math.round(times[Math.floor(share * (times.length - 1))])
    rows.push({
      measure: `${tab}: zoom and pan of a million steps, frame time (median, 95 %, worst)`,
      value: `${at(0.5)}, ${at(0.95)}, ${at(1)} ms`,
      goal: '50 ms'
    })
  }
  await page.close()
  return rows
}

/** Memory of the page before and after many steps. */
async function weighStreaming() {
  const page = await openScene('stream')
  const session = await page.context().newCDPSession(page)
  const weigh = async () => {
    // What the first collection lets go of, the second one frees.
    for (let round = 0; round < 2; round++) await session.send('HeapProfiler.collectGarbage')
    const usage = /** @type {Record<string, number>} */ (await session.send('Runtime.getHeapUsage'))
    return (usage.usedSize + (usage.backingStorageSize ?? 0)) / 1e6
  }
  const stream = (/** @type {number} */ steps) => page.evaluate(`bench.streamAll(${steps})`)
  await stream(STEPS_BEFORE)
  const before = await weigh()
  await stream(MEMORY_STEPS)
  const after = await weigh()
  await page.close()
  return {
    measure: `memory after 20,000 and after 100,000 steps more`,
    value: `${before.toFixed(1)} MB, ${after.toFixed(1)} MB`,
    goal: 'flat'
  }
}

/** @param {string} scene */
async function openScene(scene) {
  const page = await browser.newPage({ viewport: VIEWPORT, locale: 'en' })
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(`${address}?scene=${scene}`)
  await page.getByRole('tab', { name: TABS[0] }).waitFor()
  return page
}

/** @returns {Promise<import('playwright-core').Browser>} */
async function launch() {
  const quiet = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const args = options.gpu ? quiet : [...quiet, '--disable-gpu']
  const installed = [process.env.CHROME_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path)
  )
  if (installed) return chromium.launch({ executablePath: installed, args })
  const { default: carried } = await import('@sparticuz/chromium')
  // Its own arguments are for places where a process has no children: the page would draw in its main process, as no
  // user's browser does, and the first page to close would end the browser.
  return chromium.launch({ executablePath: await carried.executablePath(), args })
}

/**
 * Serves a folder on the loopback address.
 * @param {string} root
 */
async function serveFolder(root) {
  /** @type {Record<string, string>} */
  const types = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml'
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = join(root, pathname === '/' ? 'index.html' : pathname)
    if (!file.startsWith(root) || !existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    response.end(readFileSync(file))
  })
  await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

/** @param {Row[]} rows */
function report(rows) {
  const machine = {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    browser: browser.version(),
    drawing: options.gpu ? 'graphics card' : 'software'
  }
  if (options.json) {
    print(JSON.stringify({ benchmark: 'ui', machine, results: rows }))
    return
  }
  print('| measure | value | goal |')
  print('| --- | ---: | ---: |')
  for (const { measure, value, goal } of rows) print(`| ${measure} | ${value} | ${goal} |`)
  print(
    `\n${machine.processor}, ${machine.cores} cores, Chromium ${machine.browser}, drawn by ${machine.drawing}`
  )
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
