// `node benchmarks/mnist-accuracy.mjs [--seeds N] [--json]`: how well the preset `mnist-cnn` learns, by the command
// line that users have, once for each seed. Prints one table, or one JSON object. Needs a build.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'

const BAD_INPUT = 2
const root = resolve(import.meta.dirname, '..')
const cli = join(root, 'out', 'main', 'cli.js')
const experiment = join(root, 'resources', 'presets', 'mnist-cnn.json')

/** @typedef {{ seed: number, accuracy: number, loss: number, seconds: number, stepMilliseconds: number, engine: string, steps: number }} Result */

const { values: options } = parseArgs({
  options: { seeds: { type: 'string', default: '3' }, json: { type: 'boolean', default: false } }
})
const seeds = Number(options.seeds)
if (!Number.isInteger(seeds) || seeds < 1)
  fail(`--seeds must be a whole number of 1 or more, not ${options.seeds}`)
if (!existsSync(cli)) fail('There is no build. Run: npm run build')

// A library of its own, so that the user's holds no runs of a benchmark.
const home = mkdtempSync(join(tmpdir(), 'steadygrad-benchmark-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(130))

/** @type {Result[]} */
const results = []
for (let seed = 1; seed <= seeds; seed++) results.push(await train(seed))
report(results)

/**
 * Trains with a seed and answers with what its summary says.
 * @param {number} seed
 * @returns {Promise<Result>}
 */
async function train(seed) {
  const child = spawn(process.execPath, [cli, 'train', experiment, '--set', `seed=${seed}`, '--json'], {
    env: { ...process.env, STEADYGRAD_HOME: home },
    // People's text, with the progress bar, is on standard error: whoever waits sees it.
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise((settle) => child.once('close', settle))
  if (code !== 0) throw new Error(`seed ${seed} ended with exit code ${code}`)
  const summary = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
  const { test, seconds, stepMilliseconds, engine, steps } = summary
  return { seed, accuracy: test.accuracy, loss: test.loss, seconds, stepMilliseconds, engine, steps }
}

/** @param {Result[]} results */
function report(results) {
  const mean = (/** @type {(result: Result) => number} */ of) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length
  const machine = {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`
  }
  const means = {
    accuracy: mean(({ accuracy }) => accuracy),
    seconds: mean(({ seconds }) => seconds),
    stepMilliseconds: mean(({ stepMilliseconds }) => stepMilliseconds)
  }
  if (options.json) {
    print(JSON.stringify({ benchmark: 'mnist-accuracy', machine, results, mean: means }))
    return
  }
  const row = (/** @type {string[]} */ ...cells) => print(`| ${cells.join(' | ')} |`)
  row('seed', 'test accuracy', 'seconds', 'median ms per step', 'engine')
  row('---:', '---:', '---:', '---:', '---')
  for (const { seed, accuracy, seconds, stepMilliseconds, engine } of results)
    row(String(seed), accuracy.toFixed(4), seconds.toFixed(1), stepMilliseconds.toFixed(1), engine)
  row('mean', means.accuracy.toFixed(4), means.seconds.toFixed(1), means.stepMilliseconds.toFixed(1), '')
  const { processor, cores, node, platform } = machine
  print(`\n${processor}, ${cores} cores, ${platform}, Node ${node}`)
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(BAD_INPUT)
}
