// `node benchmarks/studies.mjs [--only NAME]… [--runs DIR]`: makes the results of the studies that come with the product
// anew, by the command line that users have, and writes them to resources/studies. Runs that are done in DIR are found
// again. The 100 runs of one seed of the activations took 13 minutes on two cores that were busy besides.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { makeHome, root, steadygrad } from './product.mjs'
import { fail } from './tables.mjs'

/** What does not come with the product: ids of runs that nobody else has, and means, which can be worked out again. */
const LEFT_OUT = ['run', 'means']
const DIGITS = 5
const STUDY_ENDING = '.study.json'
const results = join(root, 'resources', 'studies')

const { values: options } = parseArgs({
  options: { only: { type: 'string', multiple: true }, runs: { type: 'string' } }
})
const known = readdirSync(join(root, 'resources', 'presets'))
  .filter((name) => name.endsWith(STUDY_ENDING))
  .map((name) => name.slice(0, -STUDY_ENDING.length))
const unknown = options.only?.find((name) => !known.includes(name))
if (unknown !== undefined) fail(`There is no study ${unknown} (known: ${known.join(', ')})`)

const home = makeHome()
mkdirSync(results, { recursive: true })
for (const study of options.only ?? known) {
  const { version, cells, made, study: asRun } = await compare(study)
  const about = JSON.stringify({ version, study: asRun, made })
  // A line for each cell.
  const lines = cells.map(shipped).map((cell) => JSON.stringify(cell))
  const path = join(results, `${study}.results.json`)
  writeFileSync(path, `${about.slice(0, -1)},"cells":[\n${lines.join(',\n')}\n]}\n`)
  process.stderr.write(`${path}\n`)
}

/**
 * A value as it is shipped, with no more digits than say something.
 * @param {unknown} value
 * @returns {unknown}
 */
function shipped(value) {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS))
  if (Array.isArray(value)) return value.map(shipped)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => !LEFT_OUT.includes(key))
  return Object.fromEntries(kept.map(([key, each]) => [key, shipped(each)]))
}

/**
 * The summary of a study's comparison; people's table goes to standard error.
 * @param {string} study
 * @returns {Promise<Record<string, never>>}
 */
async function compare(study) {
  const out = options.runs === undefined ? join(home, study) : resolve(options.runs, study)
  const { code, lines } = await steadygrad(home, ['compare', study, '--out', out])
  if (code !== 0) process.exit(code ?? 1)
  return lines[lines.length - 1]
}
