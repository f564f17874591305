// `npm run bench:overhead -- [--networks cnn,mlp] [--batches 128] [--rounds N] [--seconds N] [--json | --markdown]`: what
// each preset of telemetry costs beside `off`. In each round all presets take their turn, each beside an `off` of its
// own, and the ratio of that pair counts. Timed is the mean from step to step by the command line.
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { leaveOut, telemetryPresets, timeOurs } from './contest.mjs'
import { experimentOf, networks } from './networks.mjs'
import { makeHome } from './product.mjs'
import { countOf, medianOf, printReport, secondsOf, wordsOf } from './tables.mjs'

const { values: options } = parseArgs({
  options: {
    networks: { type: 'string', default: 'cnn,mlp' },
    batches: { type: 'string', default: '128' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false }
  }
})
/** @typedef {import('./networks.mjs').Network} Network */
const wanted = /** @type {Network[]} */ (wordsOf('networks', options.networks, Object.keys(networks)))
const batches = options.batches.split(',').map((text) => countOf('batches', text))
const rounds = countOf('rounds', options.rounds)
const seconds = secondsOf('seconds', options.seconds)

const home = makeHome()
const presets = (await telemetryPresets()).filter((preset) => preset !== 'off')

/** @type {{ network: Network, batch: number, preset: string, ratios: number[] }[]} */
const results = []
for (const network of wanted) for (const batch of batches) results.push(...(await compare(network, batch)))
report()

/** @param {Network} network @param {number} batch */
async function compare(network, batch) {
  const time = (/** @type {string} */ telemetry) =>
    timeOurs(home, experimentOf(network, join(home, 'data'), { batch, telemetry }), seconds)
  const found = presets.map((preset) => ({ network, batch, preset, ratios: /** @type {number[]} */ ([]) }))
  for (let round = 1; round <= rounds; round++)
    for (const { preset, ratios } of found) {
      // Who goes first takes turns too.
      const order = round % 2 === 0 ? ['off', preset] : [preset, 'off']
      /** @type {Record<string, number>} */
      const times = {}
      try {
        for (const telemetry of order) times[telemetry] = await time(telemetry)
      } catch (error) {
        leaveOut(`${network} ${batch}, round ${round}: ${preset}`, error)
        continue
      }
      const ratio = times[preset] / times.off
      ratios.push(ratio)
      process.stderr.write(`${network} ${batch}, round ${round}: ${preset} ${ratio.toFixed(3)} ×\n`)
    }
  return found.filter(({ ratios }) => ratios.length > 0)
}

function report() {
  const rows = results.map(({ network, batch, preset, ratios }) => [
    networks[network],
    batch,
    preset,
    ...[medianOf(ratios), Math.min(...ratios), Math.max(...ratios)].map((each) => `${each.toFixed(3)} ×`)
  ])
  printReport(
    {
      benchmark: 'overhead',
      columns: ['network', 'batch', 'telemetry', 'time of a step beside off', 'least', 'most'],
      rows,
      notes: [`Medians of ${rounds} pairs, each measured in turn, by the command line.`],
      data: { rounds, results }
    },
    options
  )
}
