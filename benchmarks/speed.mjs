// `npm run bench:speed -- [--networks cnn,mlp,resnet,gru] [--batches 32,128,512] [--rounds N] [--seconds N]
// [--without tfjs,keras,tensorflow,pytorch,slopes] [--json | --markdown]`: time of one training step, ours at every preset
// of telemetry beside TensorFlow.js, Keras, TensorFlow and PyTorch, on as many threads. Contenders take turns; each cell
// is the median of its rounds. Then what depth and width cost us, as slopes in a log-log plot.
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import {
  answerOf,
  foundPackages,
  leaveOut,
  pythonOf,
  telemetryPresets,
  THREADS,
  timeOurs
} from './contest.mjs'
import { experimentOf, networks } from './networks.mjs'
import { cli, makeHome } from './product.mjs'
import { measureSlopes } from './slopes.mjs'
import { countOf, medianOf, printReport, secondsOf, wordsOf } from './tables.mjs'

/** @typedef {import('./networks.mjs').Network} Network */
/** @typedef {(network: Network, batch: number) => Promise<number>} Contender */

const { values: options } = parseArgs({
  options: {
    networks: { type: 'string', default: Object.keys(networks).join(',') },
    batches: { type: 'string', default: '32,128,512' },
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '2' },
    without: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false }
  }
})
const wanted = /** @type {Network[]} */ (wordsOf('networks', options.networks, Object.keys(networks)))
const batches = options.batches.split(',').map((text) => countOf('batches', text))
const rounds = countOf('rounds', options.rounds)
const seconds = secondsOf('seconds', options.seconds)
const without = wordsOf('without', options.without, ['tfjs', 'keras', 'tensorflow', 'pytorch', 'slopes'])

const home = makeHome()
const data = join(home, 'data')
const peers = join(import.meta.dirname, 'peers')
const contenders = await findContenders()

/** @type {{ network: Network, batch: number, rounds: Record<string, number[]> }[]} */
const results = []
for (const network of wanted) for (const batch of batches) results.push(await compare(network, batch))
const slopes = await findSlopes()
report()

/** Measures everybody in turn. @param {Network} network @param {number} batch */
async function compare(network, batch) {
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 1; round <= rounds; round++)
    for (const [name, time] of Object.entries(contenders))
      try {
        const milliseconds = await time(network, batch)
        times[name].push(milliseconds)
        process.stderr.write(`${network} ${batch}, round ${round}: ${name} ${milliseconds.toFixed(2)} ms\n`)
      } catch (error) {
        leaveOut(`${network} ${batch}, round ${round}: ${name}`, error)
      }
  return { network, batch, rounds: times }
}

/** What depth and width cost us, if it is wanted. */
async function findSlopes() {
  if (without.includes('slopes')) return undefined
  try {
    return await measureSlopes((layers) =>
      timeOurs(home, experimentOf('mlp', data, { batch: 128, layers }), seconds)
    )
  } catch (error) {
    leaveOut('slopes', error)
    return undefined
  }
}

/** @returns {Promise<Record<string, Contender>>} */
async function findContenders() {
  /** @type {Record<string, Contender>} */
  const found = {}
  for (const telemetry of await telemetryPresets())
    found[`ours, ${telemetry}`] = (network, batch) =>
      timeOurs(home, experimentOf(network, data, { batch, telemetry }), seconds)

  const { folder } = await answerOf(process.execPath, [cli, 'engine', 'status', '--json'])
  if (!without.includes('tfjs') && folder)
    found['tfjs fit'] = timeBy(process.execPath, [join(peers, 'tfjs-fit.mjs')], [folder])
  for (const [name, peer] of /** @type {const} */ ([
    ['keras.fit', 'keras'],
    ['tf.function with norms', 'tensorflow'],
    ['PyTorch with norms', 'pytorch']
  ])) {
    const python = await pythonOf(peer, without)
    if (python) found[name] = timeBy(python, [join(peers, 'step.py'), peer], [String(THREADS)])
  }
  return found
}

/**
 * @param {string} program
 * @param {string[]} first
 * @param {string[]} last
 * @returns {Contender}
 */
function timeBy(program, first, last) {
  return async (network, batch) => {
    const args = [...first, network, String(batch), String(seconds), ...last]
    return (await answerOf(program, args)).milliseconds
  }
}

function report() {
  const names = Object.keys(contenders)
  const ours = names.find((name) => name === 'ours, normal') ?? names[0]
  const rows = results.map(({ network, batch, rounds: times }) => {
    const base = medianOf(times[ours])
    const cells = names.map((name) => {
      if (times[name].length === 0) return '–'
      const median = medianOf(times[name])
      const ratio = name === ours || Number.isNaN(base) ? '' : ` (${(median / base).toFixed(2)} ×)`
      return `${median.toPrecision(3)}${ratio}`
    })
    return [networks[network], batch, ...cells]
  })
  const notes = [
    `Milliseconds of a training step, in brackets beside “${ours}”; medians of ${rounds} rounds in which all took turns, ${THREADS} threads each, Adam, random data in memory.`,
    'Every number is a mean over all steps of a stretch. Ours: from step to step as the command line tells them, with batches, scaling, norms, guard, diagnosis, log and messages; without the ends of epochs. tfjs fit, keras.fit: over an epoch, without norms. tf.function and PyTorch: with the norm of every gradient read, on batches that are cut from an array, PyTorch with fused Adam; no log.'
  ]
  if (slopes) notes.push(slopes.sentence)
  printReport(
    {
      benchmark: 'speed',
      columns: ['network', 'batch', ...names],
      rows,
      notes,
      data: { rounds, results, slopes },
      peers: [...foundPackages]
    },
    options
  )
}
