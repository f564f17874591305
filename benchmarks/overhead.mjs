// `npm run bench:overhead -- [--rounds N] [--seconds N] [--json]`: what each preset of telemetry costs beside `off`, for
// the reference CNN and an MLP at batch 128. In each round all presets take their turn, each beside an `off` of its own,
// and the ratio of that pair counts. Needs a build.
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import {
  describeMachine,
  fail,
  machine,
  makeHome,
  medianOf,
  printRow,
  telemetryPresets,
  timeOurs
} from './contest.mjs'
import { experimentOf, networks } from './networks.mjs'

const BATCH = 128
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false }
  }
})
const [rounds, seconds] = [Number(options.rounds), Number(options.seconds)]
if (!Number.isInteger(rounds) || rounds < 1) fail('--rounds is a whole number of 1 or more')

const home = makeHome()
const presets = (await telemetryPresets()).filter((preset) => preset !== 'off')
/** @param {import('./networks.mjs').Network} network @param {string} telemetry */
const time = (network, telemetry) =>
  timeOurs(home, experimentOf(network, join(home, 'data'), { batch: BATCH, telemetry }), seconds)

/** @type {{ network: string, preset: string, ratio: number, least: number, most: number }[]} */
const results = []
for (const network of /** @type {const} */ (['cnn', 'mlp'])) {
  /** @type {Record<string, number[]>} */
  const ratios = Object.fromEntries(presets.map((preset) => [preset, []]))
  for (let round = 1; round <= rounds; round++)
    for (const preset of presets) {
      // Who goes first takes turns too.
      const order = round % 2 === 0 ? ['off', preset] : [preset, 'off']
      /** @type {Record<string, number>} */
      const times = {}
      for (const telemetry of order) times[telemetry] = await time(network, telemetry)
      ratios[preset].push(times[preset] / times.off)
      process.stderr.write(
        `${network}, round ${round}: ${preset} ${(times[preset] / times.off).toFixed(3)} ×\n`
      )
    }
  for (const [preset, of] of Object.entries(ratios))
    results.push({ network, preset, ratio: medianOf(of), least: Math.min(...of), most: Math.max(...of) })
}

if (options.json)
  process.stdout.write(`${JSON.stringify({ benchmark: 'overhead', machine: machine(), rounds, results })}\n`)
else {
  printRow('network', 'telemetry', 'beside off', 'least', 'most')
  printRow('---', '---', '---:', '---:', '---:')
  for (const { network, preset, ratio, least, most } of results)
    printRow(
      networks[/** @type {import('./networks.mjs').Network} */ (network)],
      preset,
      ...[ratio, least, most].map((each) => `${each.toFixed(3)} ×`)
    )
  process.stdout.write(`\nBatch ${BATCH}, medians of ${rounds} pairs in turn. ${describeMachine()}\n`)
}
