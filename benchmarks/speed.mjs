// `npm run bench:speed -- [--network NAME]… [--batch N]… [--rounds N] [--seconds N] [--without NAME]… [--json]`: time of one
// training step, ours at every preset of telemetry beside TensorFlow.js, Keras, TensorFlow and PyTorch, on the same
// cores. Contenders take turns; each cell is the median of its rounds. Ours is the time from step to step as the
// command line tells them. Then what depth and width cost us, as slopes in a log-log plot. Needs a build.
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { KERAS, PYTORCH, pythonWith } from '../scripts/python-environment.mjs'
import {
  answerOf,
  cli,
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

/** @typedef {import('./networks.mjs').Network} Network */
/** @typedef {(network: Network, batch: number) => Promise<number>} Contender */

const { values: options } = parseArgs({
  options: {
    network: { type: 'string', multiple: true, default: Object.keys(networks) },
    batch: { type: 'string', multiple: true, default: ['32', '128', '512'] },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    without: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false }
  }
})
const unknown = options.network.find((name) => !(name in networks))
if (unknown) fail(`There is no network ${unknown} (known: ${Object.keys(networks).join(', ')})`)
const wanted = /** @type {Network[]} */ (options.network)
const batches = options.batch.map(Number)
const [rounds, seconds] = [Number(options.rounds), Number(options.seconds)]
if (![...batches, rounds].every((value) => Number.isInteger(value) && value > 0))
  fail('--batch and --rounds are whole numbers of 1 or more')

const home = makeHome()
const data = join(home, 'data')
const here = import.meta.dirname
const presets = await telemetryPresets()
const contenders = await findContenders()

/** @type {{ network: Network, batch: number, milliseconds: Record<string, number> }[]} */
const results = []
for (const network of wanted) for (const batch of batches) results.push(await compare(network, batch))
const slopes = options.without.includes('slopes') ? undefined : await measureSlopes()
report()

/** Measures everybody in turn. @param {Network} network @param {number} batch */
async function compare(network, batch) {
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 1; round <= rounds; round++)
    for (const [name, time] of Object.entries(contenders)) {
      const milliseconds = await time(network, batch)
      times[name].push(milliseconds)
      process.stderr.write(`${network} ${batch}, round ${round}: ${name} ${milliseconds.toFixed(2)} ms\n`)
    }
  const milliseconds = Object.fromEntries(Object.entries(times).map(([name, of]) => [name, medianOf(of)]))
  return { network, batch, milliseconds }
}

/** @returns {Promise<Record<string, Contender>>} */
async function findContenders() {
  /** @type {Record<string, Contender>} */
  const found = Object.fromEntries(
    presets.map((telemetry) => [
      `ours, ${telemetry}`,
      (network, batch) => timeOurs(home, experimentOf(network, data, { batch, telemetry }), seconds)
    ])
  )
  const { folder } = await answerOf(process.execPath, [cli, 'engine', 'status', '--json'])
  const script = join(here, 'peers', 'tfjs-fit.mjs')
  const python = join(here, 'peers', 'step.py')
  /** @param {string} program @param {(network: Network, batch: number) => string[]} args @returns {Contender} */
  const program = (program, args) => async (network, batch) =>
    (await answerOf(program, args(network, batch), { TF_CPP_MIN_LOG_LEVEL: '3' })).milliseconds
  found['tfjs fit'] = program(process.execPath, (network, batch) => [
    script,
    network,
    String(batch),
    String(seconds),
    folder
  ])
  const framework =
    (/** @type {string} */ name) => (/** @type {Network} */ network, /** @type {number} */ batch) => [
      python,
      name,
      network,
      String(batch),
      String(seconds)
    ]
  for (const [name, packages, word] of /** @type {const} */ ([
    ['keras.fit', KERAS, 'keras'],
    ['tf.function with norms', KERAS, 'function'],
    ['PyTorch with norms', PYTORCH, 'pytorch']
  ])) {
    if (options.without.includes(name.split(/[ .]/)[0].toLowerCase())) continue
    try {
      found[name] = program(await pythonWith([...packages]), framework(word))
    } catch (error) {
      process.stderr.write(`${name} is left out: ${/** @type {Error} */ (error).message}\n`)
    }
  }
  return Object.fromEntries(
    Object.entries(found).filter(([name]) => !options.without.includes(name.split(' ')[0]))
  )
}

/** How the time of our step grows with depth and width: the exponents of a power law through the points. */
async function measureSlopes() {
  const stack = (/** @type {number} */ depth, /** @type {number} */ units) => [
    { use: 'flatten' },
    ...Array.from({ length: depth }, () => ({ use: 'dense', units, activation: 'relu' })),
    { use: 'dense', units: 10 }
  ]
  const time = (/** @type {number} */ depth, /** @type {number} */ units) =>
    timeOurs(home, experimentOf('mlp', data, { batch: 128, layers: stack(depth, units) }), seconds)
  /** @param {number[]} sizes @param {(size: number) => Promise<number>} of */
  const slope = async (sizes, of) => {
    const points = []
    for (const size of sizes) points.push([Math.log(size), Math.log(await of(size))])
    const mean = (/** @type {number} */ axis) =>
      points.reduce((sum, point) => sum + point[axis], 0) / points.length
    const [x, y] = [mean(0), mean(1)]
    const sum = (/** @type {(point: number[]) => number} */ of) =>
      points.reduce((total, point) => total + of(point), 0)
    return sum((point) => (point[0] - x) * (point[1] - y)) / sum((point) => (point[0] - x) ** 2)
  }
  return {
    depth: await slope([4, 8, 16, 32], (depth) => time(depth, 128)),
    width: await slope([128, 256, 512, 1024], (units) => time(3, units))
  }
}

function report() {
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ benchmark: 'speed', machine: machine(), rounds, results, slopes })}\n`
    )
    return
  }
  const names = Object.keys(contenders)
  const ours = names.find((name) => name === 'ours, normal') ?? names[0]
  printRow('network', 'batch', ...names)
  printRow('---', '---:', ...names.map(() => '---:'))
  for (const { network, batch, milliseconds } of results)
    printRow(
      networks[network],
      batch,
      ...names.map((name) => {
        const time = milliseconds[name].toPrecision(3)
        return name === ours ? time : `${time} (${(milliseconds[name] / milliseconds[ours]).toFixed(2)} ×)`
      })
    )
  process.stdout.write(
    `\nMilliseconds of a step; in brackets beside “${ours}”. Medians of ${rounds} rounds in turn.\n`
  )
  if (slopes)
    process.stdout.write(
      `Ours grows as depth to the power of ${slopes.depth.toFixed(2)} (4 to 32 layers of 128) and as width to the power of ${slopes.width.toFixed(2)} (3 layers of 128 to 1,024), batch 128.\n`
    )
  process.stdout.write(`${describeMachine()}; ${KERAS.join(', ')}, ${PYTORCH.join(', ')}\n`)
}
