// What benchmarks share that compare programs: each contender is a process that has the machine to itself while it is
// measured, and contenders take turns, round by round, so that a slow moment of the machine meets all alike.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'

const root = resolve(import.meta.dirname, '..')
export const cli = join(root, 'out', 'main', 'cli.js')

/** A folder that goes when the program ends: the library of the runs that are measured. */
export function makeHome() {
  if (!existsSync(cli)) fail('There is no build. Run: npm run build')
  const home = mkdtempSync(join(tmpdir(), 'steadygrad-benchmark-'))
  process.on('exit', () => rmSync(home, { recursive: true, force: true }))
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => process.exit(130))
  return home
}

/** Steps that are not counted: programs are compiled and caches filled. */
const WARM_UP_STEPS = 15
const LEAST_STEPS = 30

/**
 * Trains an experiment by the command line that users have, for about so many seconds, and gives the mean milliseconds
 * from step to step as they are told, with everything that the product does besides: telemetry, log, messages.
 * @param {string} home
 * @param {object} experiment
 * @param {number} seconds
 * @returns {Promise<number>}
 */
export async function timeOurs(home, experiment, seconds) {
  const file = join(home, 'experiment.json')
  writeFileSync(file, JSON.stringify(experiment))
  const child = spawn(process.execPath, [cli, 'train', file, '--json'], {
    env: { ...process.env, STEADYGRAD_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2000)))
  let first = { step: 0, at: 0 }
  let last = first
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('{"type":"step"')) continue
    const now = { step: Number(/"step":(\d+)/.exec(line)?.[1]), at: performance.now() }
    // Steps come in messages: the last one of a message has just been done.
    if (first.step === 0 && now.step > WARM_UP_STEPS) first = now
    if (first.step > 0) last = now
    const isLong = last.at - first.at > 1000 * seconds && last.step - first.step >= LEAST_STEPS
    if (first.step > 0 && isLong && child.kill('SIGKILL')) break
  }
  await new Promise((settle) =>
    (child.exitCode ?? child.signalCode) ? settle(0) : child.once('close', settle)
  )
  if (last.step <= first.step) throw new Error(`no steps were told: ${said}`)
  return (last.at - first.at) / (last.step - first.step)
}

/**
 * The JSON object that a program prints last.
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [environment]
 * @returns {Promise<any>}
 */
export async function answerOf(program, args, environment = {}) {
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const text = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (part) => (text.out += part))
  child.stderr.setEncoding('utf8').on('data', (part) => (text.err = (text.err + part).slice(-2000)))
  const code = await new Promise((settle) => child.once('close', settle))
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${text.err}`)
  return JSON.parse(text.out.trim().split('\n').at(-1) ?? '')
}

/** The presets of telemetry that an experiment may have. @returns {Promise<string[]>} */
export async function telemetryPresets() {
  const { schema } = await answerOf(process.execPath, [cli, 'schema', '--json'])
  return schema.properties.telemetry.enum
}

/** @param {number[]} values */
export const medianOf = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** What was measured on. */
export const machine = () => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  node: process.version,
  platform: `${process.platform}-${process.arch}`
})
export const describeMachine = () => {
  const { processor, cores, node, platform } = machine()
  return `${processor}, ${cores} cores, ${platform}, Node ${node}`
}

/** @param {(string | number)[]} cells */
export const printRow = (...cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`)

/**
 * @param {string} sentence
 * @returns {never}
 */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(2)
}
