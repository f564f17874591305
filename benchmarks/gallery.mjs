// `npm run bench:gallery -- [--only ID]… [--seeds N] [--full] [--json]`: what the diagnosis makes of known failures, of what
// mends them, and of healthy experiments. Each case is a folder in gallery/cases: experiments, of which
// `broken.json` is the failure and all others work, and what is to be found in `case.json`. Every arm is trained by the command line that users have, once for each
// seed. Thresholds were chosen on one half of the cases; both halves are printed. `--full` gives the recurrent ones
// sequences of 100 in place of 40. Needs a build.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'

/** @typedef {{ half: 'choose' | 'report', kinds?: string[], causes?: string[], layer?: string }} Case */
/** @typedef {{ kind: string, layer: string | null, cause: string, step: number, severity: string }} Finding */
/** @typedef {{ id: string, half: string, label: string, seed: number, expect?: Case, alarms: Finding[], firstRefused?: number, isFinite: boolean, seconds: number }} Result */

const BAD_INPUT = 2
const STOPPED_BY_GUARD = 3
const LONG = 100
const here = import.meta.dirname
const cli = resolve(here, '..', 'out', 'main', 'cli.js')
const cases = join(here, 'gallery', 'cases')

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seeds: { type: 'string', default: '3' },
    full: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false }
  }
})
const seeds = Number(options.seeds)
if (!Number.isInteger(seeds) || seeds < 1)
  fail(`--seeds must be a whole number of 1 or more, not ${options.seeds}`)
if (!existsSync(cli)) fail('There is no build. Run: npm run build')

const home = mkdtempSync(join(tmpdir(), 'steadygrad-benchmark-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(130))

const known = readdirSync(cases).sort()
const unknown = options.only?.find((id) => !known.includes(id))
if (unknown !== undefined) fail(`There is no case ${unknown}`)

/** @type {Result[]} */
const results = []
for (const id of options.only ?? known) {
  const files = readdirSync(join(cases, id)).filter((file) => file !== 'case.json')
  for (const file of files)
    for (let seed = 1; seed <= seeds; seed++) results.push(await judge(id, file, seed))
}
report()

/**
 * Trains an arm and keeps what was found.
 * @param {string} id
 * @param {string} file
 * @param {number} seed
 * @returns {Promise<Result>}
 */
async function judge(id, file, seed) {
  /** @type {Case} */
  const about = JSON.parse(readFileSync(join(cases, id, 'case.json'), 'utf8'))
  const label = file.replace('.json', '')
  const path = join(cases, id, file)
  const sets = [`seed=${seed}`]
  const { source } = JSON.parse(readFileSync(path, 'utf8')).data
  if (options.full && source.generator === 'adding') sets.push(`data.source.length=${LONG}`)

  const started = performance.now()
  const { code, lines } = await steadygrad(['train', path, ...sets.flatMap((set) => ['--set', set])])
  const summary = lines.at(-1)
  if ((code !== 0 && code !== STOPPED_BY_GUARD) || summary?.type !== 'summary')
    throw new Error(`${id}, ${label}: ended with exit code ${code}: ${JSON.stringify(summary)}`)
  const alarms = lines.filter(({ type, severity }) => type === 'finding' && severity !== 'info')
  const firstRefused = lines.find(({ type }) => type === 'guard')?.step
  const result = {
    ...{ id, half: about.half, label, seed, ...(label === 'broken' && { expect: about }) },
    alarms,
    firstRefused,
    isFinite: holdsOnlyFinite(join(summary.run, 'model', 'weights.safetensors')),
    seconds: (performance.now() - started) / 1000
  }
  rmSync(summary.run, { recursive: true, force: true })
  process.stderr.write(`${id}, ${label}, seed ${seed}: ${alarms.map(tell).join(', ') || 'silent'}\n`)
  return result
}

/** @param {Finding} finding */
function tell({ kind, layer, cause, step }) {
  return `${kind}${layer ? ` in ${layer}` : ''} at ${step} (${cause})`
}

/** Says whether a file of weights (safetensors, all float32) holds neither NaN nor Inf. @param {string} path */
function holdsOnlyFinite(path) {
  const bytes = readFileSync(path)
  const start = 8 + Number(bytes.readBigUInt64LE(0))
  for (let at = start; at < bytes.length; at += 4) if (!Number.isFinite(bytes.readFloatLE(at))) return false
  return true
}

/** @param {string[]} parameters @returns {Promise<{ code: number | null, lines: any[] }>} */
async function steadygrad(parameters) {
  const child = spawn(process.execPath, [cli, ...parameters, '--json'], {
    env: { ...process.env, STEADYGRAD_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore']
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise((settle) => child.once('close', settle))
  const lines = output.split('\n').filter((line) => line !== '' && !line.startsWith('{"type":"step"'))
  return { code, lines: lines.map((line) => JSON.parse(line)) }
}

/** What a set of results amounts to. @param {Result[]} all */
function summarize(all) {
  const broken = all.filter(({ expect }) => expect)
  const sound = all.filter(({ expect }) => !expect)
  const found = broken.filter(({ alarms }) => alarms.length > 0)
  /** Alarms of a kind that was expected. @param {Result} result */
  const right = ({ alarms, expect }) => alarms.filter(({ kind }) => expect?.kinds?.includes(kind))
  const withLayer = broken.filter(({ expect }) => expect?.layer)
  const late = broken.filter(({ firstRefused }) => firstRefused !== undefined && firstRefused > 3)
  const steps = found.map(({ alarms }) => Math.min(...alarms.map(({ step }) => step))).sort((a, b) => a - b)
  return {
    broken: broken.length,
    recall: found.length / broken.length,
    rightKind: broken.filter((result) => right(result).length > 0).length / broken.length,
    rightLayer:
      withLayer.filter((result) => right(result).some(({ layer }) => layer === result.expect?.layer)).length /
      withLayer.length,
    rightCause:
      broken.filter((result) => right(result).some(({ cause }) => result.expect?.causes?.includes(cause)))
        .length / broken.length,
    medianSteps: steps[Math.floor(steps.length / 2)],
    beforeRefusal:
      late.filter(({ alarms, firstRefused }) => alarms.some(({ step }) => step < Number(firstRefused)))
        .length / late.length,
    sound: sound.length,
    falseAlarms: sound.filter(({ alarms }) => alarms.length > 0).length / sound.length,
    nonFinite: all.filter(({ isFinite }) => !isFinite).length
  }
}

function report() {
  const halves = {
    chosen: summarize(results.filter(({ half }) => half === 'choose')),
    reported: summarize(results.filter(({ half }) => half === 'report')),
    both: summarize(results)
  }
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0)
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ benchmark: 'gallery', seeds, seconds, halves, results })}\n`)
    return
  }
  const row = (/** @type {string[]} */ ...cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
  const percent = (/** @type {number} */ share) =>
    Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`
  row('', 'half that thresholds were chosen on', 'other half', 'both')
  row('---', '---:', '---:', '---:')
  /** @type {[string, (of: ReturnType<typeof summarize>) => string][]} */
  const rows = [
    ['broken arms', (of) => String(of.broken)],
    ['found at warning or above', (of) => percent(of.recall)],
    ['right kind', (of) => percent(of.rightKind)],
    ['right layer, where one is told', (of) => percent(of.rightLayer)],
    ['right cause', (of) => percent(of.rightCause)],
    ['median step of the first alarm', (of) => String(of.medianSteps ?? '–')],
    ['alarm before the first refused step, where that is later than 3', (of) => percent(of.beforeRefusal)],
    ['working and healthy arms', (of) => String(of.sound)],
    ['flagged falsely', (of) => percent(of.falseAlarms)],
    ['runs with NaN or Inf in a weight', (of) => String(of.nonFinite)]
  ]
  for (const [name, of] of rows) row(name, ...Object.values(halves).map(of))
  process.stdout.write(
    `\n${seeds} seeds, ${(seconds / 60).toFixed(0)} minutes, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores\n`
  )
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(BAD_INPUT)
}
