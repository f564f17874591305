// `node benchmarks/presets.mjs [--only NAME]… [--seeds N] [--json]`: how well the presets learn, by the command line that
// users have, once for each seed from 1 on; with several, also their mean, the least and the most. `--only` may be
// given more than once. Prints one table, or one JSON object. Two of them need Fashion-MNIST (Debian's package dataset-fashion-mnist).
import { availableParallelism, cpus } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { makeHome, STOPPED_BY_GUARD, steadygrad } from './product.mjs'
import { countOf, fail } from './tables.mjs'

/** @typedef {{ loss: number | null, accuracy?: number, mae?: number | null, r2?: number | null }} Score */
/** @typedef {{ preset: string, seed: number, parameters: number, epochs: number, stopped: string, test: Score, seconds: number, stepMilliseconds: number, engine: string }} Result */

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seeds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false }
  }
})
const seeds = countOf('seeds', options.seeds)

const home = makeHome()
/** @type {string[]} */
const known = (await steadygrad(home, ['presets'])).lines
  .filter(({ type }) => type === 'preset')
  .map(({ id }) => id)
const unknown = options.only?.find((name) => !known.includes(name))
if (unknown !== undefined) fail(`There is no preset ${unknown} (known: ${known.join(', ')})`)

/** @type {Result[]} */
const results = []
for (const preset of options.only ?? known)
  for (let seed = 1; seed <= seeds; seed++) results.push(await train(preset, seed))
report()

/**
 * Trains a preset with a seed and answers with what its summary says.
 * @param {string} preset
 * @param {number} seed
 * @returns {Promise<Result>}
 */
async function train(preset, seed) {
  process.stderr.write(`${preset}, seed ${seed}\n`)
  const { code, lines } = await steadygrad(home, ['train', preset, '--set', `seed=${seed}`])
  // What explodes is meant to be stopped.
  if (code !== 0 && code !== STOPPED_BY_GUARD) throw new Error(`${preset} ended with exit code ${code}`)
  const { parameters, epochs, stopped, test, seconds, stepMilliseconds, engine } = lines[lines.length - 1]
  return { preset, seed, parameters, epochs, stopped, test, seconds, stepMilliseconds, engine }
}

function report() {
  const machine = {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`
  }
  const means = meanScores()
  if (options.json) {
    print(JSON.stringify({ benchmark: 'presets', machine, results, means }))
    return
  }
  const row = (/** @type {(string | number)[]} */ ...cells) => print(`| ${cells.join(' | ')} |`)
  row('preset', 'parameters', 'epochs', 'seed', 'test', 'seconds', 'median ms per step', 'engine')
  row('---', '---:', '---:', '---:', '---', '---:', '---:', '---')
  for (const { preset, seed, parameters, epochs, seconds, stepMilliseconds, engine, ...result } of results)
    row(
      preset,
      parameters,
      Number(epochs.toFixed(2)),
      seed,
      describe(result),
      seconds.toFixed(1),
      stepMilliseconds.toFixed(2),
      engine
    )
  for (const { preset, seeds: count, measure, mean, least, most } of means) {
    const told = `${measure} ${mean.toFixed(4)} (${least.toFixed(4)} – ${most.toFixed(4)})`
    row(preset, '', '', `mean of ${count}`, told, '', '', '')
  }
  const { processor, cores, node, platform } = machine
  print(`\n${processor}, ${cores} cores, ${platform}, Node ${node}`)
}

/**
 * @param {Pick<Result, 'stopped' | 'test'>} result
 * @returns {string}
 */
function describe({ stopped, test }) {
  if (stopped === 'guard') return 'stopped by the guard'
  const { accuracy, mae, r2 } = test
  if (accuracy !== undefined) return accuracy.toFixed(4)
  return `mean absolute error ${mae?.toPrecision(3)}, R² ${r2?.toFixed(4)}`
}

/** What each preset reached over its seeds, where it was trained with several: accuracy, or else the mean error. */
function meanScores() {
  const presets = [...new Set(results.map(({ preset }) => preset))]
  return presets.flatMap((preset) => {
    // What the guard stopped was meant to explode: its scores say nothing.
    const ended = results.filter((result) => result.preset === preset && result.stopped !== 'guard')
    const tests = ended.map(({ test }) => test)
    const measure = tests.some(({ accuracy }) => accuracy !== undefined) ? 'accuracy' : 'mae'
    const scores = tests.flatMap((test) => test[measure] ?? [])
    if (scores.length < 2) return []
    const mean = scores.reduce((total, each) => total + each, 0) / scores.length
    return [
      { preset, seeds: scores.length, measure, mean, least: Math.min(...scores), most: Math.max(...scores) }
    ]
  })
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
