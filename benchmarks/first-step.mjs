// `npm run bench:first-step -- [--only NAME]… [--rounds N] [--json] [--markdown]`: how long presets take until their
// first step is over, compiled and compared with what it gives kernel after kernel: from the moment the engine and the data
// are ready, and from the start of the command line. Presets take turns. Prints one table, or one JSON object.
import { spawn } from 'node:child_process'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { cli, makeHome } from './product.mjs'
import { countOf, fail, printReport, spreadOf } from './tables.mjs'

/** @typedef {{ ready: number, start: number }} Wait Seconds from when everything is ready, and from the start. */

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: ['mnist-mlp', 'mnist-cnn', 'mnist-rows-recurrent'] },
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false }
  }
})
const rounds = countOf('rounds', options.rounds)

const home = makeHome()
// What a first use does once, such as checking the data, is no part of it.
for (const preset of options.only) await waitOf(preset)
/** @type {Map<string, Wait[]>} */
const waits = new Map(options.only.map((preset) => [preset, []]))
for (let round = 1; round <= rounds; round++)
  for (const [preset, found] of waits) {
    process.stderr.write(`round ${round}/${rounds}: ${preset}\n`)
    found.push(await waitOf(preset))
  }

const show = (/** @type {number} */ seconds) => seconds.toFixed(2)
printReport(
  {
    benchmark: 'first-step',
    columns: ['preset', 's from when all is ready', 's from the start of the command line'],
    rows: Array.from(waits, ([preset, found]) => [
      preset,
      spreadOf(
        found.map(({ ready }) => ready),
        show
      ),
      spreadOf(
        found.map(({ start }) => start),
        show
      )
    ]),
    notes: [`Medians of ${rounds} starts in turn (least – most).`],
    data: { rounds, results: Object.fromEntries(waits) }
  },
  options
)

/**
 * Starts a run and ends it after its first step.
 * @param {string} preset
 * @returns {Promise<Wait>}
 */
async function waitOf(preset) {
  const begun = Date.now()
  const child = spawn(process.execPath, [cli, 'train', preset, '--json'], {
    env: { ...process.env, STEADYGRAD_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  /** @type {number | undefined} */
  let ready
  /** @type {Wait | undefined} */
  let wait
  createInterface(child.stdout).on('line', (line) => {
    const { type, time, compiled } = JSON.parse(line)
    if (type === 'started') ready = time
    if (type !== 'compiled') return
    if (!compiled || ready === undefined) fail(`${preset} does not run compiled`)
    wait = { ready: (time - ready) / 1000, start: (time - begun) / 1000 }
    child.kill('SIGINT')
  })
  await new Promise((settle) => child.once('close', settle))
  return wait ?? fail(`${preset} ended before its first step`)
}
