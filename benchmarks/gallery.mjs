// `npm run bench:gallery -- [--cases a,b] [--seeds N] [--full] [--jobs N] [--results FILE] [--json | --markdown]`: what the
// diagnosis makes of known failures, of what mends them, and of healthy experiments. Each case is a folder in
// gallery/cases: experiments, of which `broken.json` is the failure and all others work, and what is to be found in
// `case.json`. Every arm is trained by the command line that users have, once for each seed, `--jobs` of them beside one
// another. Thresholds were chosen on one half of the cases; both halves are printed. `--full` gives the recurrent ones
// sequences of 100 in place of 40. `--results` keeps what every run gave in a file: what is there already is not run
// again, so that the gallery can be run in parts.
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { tabulate, tell } from './gallery/verdicts.mjs'
import { makeHome, STOPPED_BY_GUARD, steadygrad } from './product.mjs'
import { countOf, printReport, wordsOf } from './tables.mjs'

/** @typedef {import('./gallery/verdicts.mjs').Result} Result */
/** @typedef {{ id: string, file: string, seed: number }} Run */

const LONG = 100
const cases = join(import.meta.dirname, 'gallery', 'cases')

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '2' },
    full: { type: 'boolean', default: false },
    results: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false }
  }
})
const seeds = countOf('seeds', options.seeds)
const jobs = countOf('jobs', options.jobs)
const known = readdirSync(cases).sort()
const chosen = options.cases === undefined ? known : wordsOf('cases', options.cases, known)

const home = makeHome()

/** @type {Result[]} */
const results = readResults()
const wanted = runsOf(chosen)
const missing = wanted.filter(({ id, file, seed }) => !results.some(isOf(id, labelOf(file), seed)))
await Promise.all(Array.from({ length: jobs }, (_, job) => work(join(home, String(job)))))
report()

/** Every run of some cases, the first seed of all arms first. @param {string[]} ids @returns {Run[]} */
function runsOf(ids) {
  const arms = ids.flatMap((id) =>
    readdirSync(join(cases, id))
      .filter((file) => file !== 'case.json')
      .map((file) => ({ id, file }))
  )
  return Array.from({ length: seeds }, (_, index) => arms.map((arm) => ({ ...arm, seed: index + 1 }))).flat()
}

/** @param {string} file */
function labelOf(file) {
  return file.replace('.json', '')
}

/** @param {string} id @param {string} label @param {number} seed @returns {(result: Result) => boolean} */
function isOf(id, label, seed) {
  return (result) => result.id === id && result.label === label && result.seed === seed
}

/** What earlier parts gave, one JSON object a line. @returns {Result[]} */
function readResults() {
  if (options.results === undefined || !existsSync(options.results)) return []
  const lines = readFileSync(options.results, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

/**
 * Takes one run after the other, until none is left. What runs beside one another has libraries of its own, since each
 * prepares the data that it needs.
 * @param {string} library
 */
async function work(library) {
  for (let run = missing.shift(); run; run = missing.shift()) {
    const result = await judge(run, library)
    results.push(result)
    if (options.results !== undefined) appendFileSync(options.results, `${JSON.stringify(result)}\n`)
    process.stderr.write(`${result.id}, ${result.label}, seed ${result.seed}: ${tell(result.alarms)}\n`)
  }
}

/** Trains an arm and keeps what was found. @param {Run} run @param {string} library @returns {Promise<Result>} */
async function judge({ id, file, seed }, library) {
  const about = JSON.parse(readFileSync(join(cases, id, 'case.json'), 'utf8'))
  const label = labelOf(file)
  const path = join(cases, id, file)
  const sets = [`seed=${seed}`]
  const { source } = JSON.parse(readFileSync(path, 'utf8')).data
  if (options.full && source.generator === 'adding') sets.push(`data.source.length=${LONG}`)

  const started = performance.now()
  const parameters = ['train', path, ...sets.flatMap((set) => ['--set', set])]
  const { code, lines } = await steadygrad(library, parameters, { errors: 'ignore' })
  const summary = lines.at(-1)
  if ((code !== 0 && code !== STOPPED_BY_GUARD) || summary?.type !== 'summary')
    throw new Error(`${id}, ${label}: ended with exit code ${code}: ${JSON.stringify(summary)}`)
  const result = {
    ...{ id, half: about.half, label, seed, ...(label === 'broken' && { expect: about }) },
    alarms: lines
      .filter(({ type, severity }) => type === 'finding' && severity !== 'info')
      .map(({ kind, layer, cause, step, severity }) => ({ kind, layer, cause, step, severity })),
    firstRefused: lines.find(({ type }) => type === 'guard')?.step,
    isFinite: holdsOnlyFinite(join(summary.run, 'model', 'weights.safetensors')),
    seconds: (performance.now() - started) / 1000
  }
  rmSync(summary.run, { recursive: true, force: true })
  return result
}

/** Says whether a file of weights (safetensors, all float32) holds neither NaN nor Inf. @param {string} path */
function holdsOnlyFinite(path) {
  const bytes = readFileSync(path)
  const start = 8 + Number(bytes.readBigUInt64LE(0))
  for (let at = start; at < bytes.length; at += 4) if (!Number.isFinite(bytes.readFloatLE(at))) return false
  return true
}

function report() {
  const run = wanted.flatMap(({ id, file, seed }) => results.find(isOf(id, labelOf(file), seed)) ?? [])
  const { halves, columns, rows } = tabulate(run)
  const minutes = run.reduce((sum, { seconds }) => sum + seconds, 0) / 60
  const note = `${chosen.length} cases with ${run.length / seeds} arms, ${seeds} seeds each; ${minutes.toFixed(0)} minutes of runs, ${jobs} beside one another.`
  printReport(
    { benchmark: 'gallery', columns, rows, notes: [note], data: { seeds, minutes, halves, results: run } },
    options
  )
}
