// What benchmarks share that compare programs: each contender is a process that has the machine to itself while it is
// measured, and contenders take turns, round by round, so that a slow moment of the machine meets all alike.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { KERAS, PYTORCH, pythonWith } from '../scripts/python-environment.mjs'
import { cli } from './product.mjs'

/** All programs compute on as many threads. */
export const THREADS = availableParallelism()

/** Steps that are not counted: programs are compiled, and telemetry looks more often at first. */
const WARM_UP_STEPS = 40
/** `normal` looks closer at every 50th step: a shorter stretch could miss what that costs. */
const LEAST_STEPS = 50
/** Steps are told in messages at least 50 ms apart; lines that come closer together are of one message. */
const MESSAGE_GAP_MS = 20

/**
 * Trains an experiment by the command line that users have, for about so many seconds, and gives the mean milliseconds
 * from step to step as they are told, with everything that the product does besides: batches, telemetry, log, messages.
 * Only the ends of epochs, with their scores and checkpoints, are left out, as those of others are.
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
  /** @type {{ engine: string, compiled: boolean } | undefined} */
  let summary
  const counted = { steps: 0, milliseconds: 0 }
  /** A message of steps: the last of them had just been done. */
  const unknown = { step: 0, at: -Infinity, isAfterEpoch: false }
  let [before, message, isAfterEpoch] = [unknown, unknown, false]
  createInterface(child.stdout).on('line', (line) => {
    const now = performance.now()
    if (line.startsWith('{"type":"summary"')) summary = JSON.parse(line)
    if (line.startsWith('{"type":"epoch"')) isAfterEpoch = true
    if (!line.startsWith('{"type":"step"')) return
    if (now - message.at > MESSAGE_GAP_MS) {
      if (before.step >= WARM_UP_STEPS && !message.isAfterEpoch) {
        counted.steps += message.step - before.step
        counted.milliseconds += message.at - before.at
      }
      ;[before, message] = [message, { step: 0, at: now, isAfterEpoch }]
      isAfterEpoch = false
      if (counted.steps >= LEAST_STEPS && counted.milliseconds > 1000 * seconds) child.kill('SIGINT')
    }
    message.step = Number(/"step":(\d+)/.exec(line)?.[1])
  })
  await new Promise((settle) => child.once('close', settle))
  if (!summary || counted.steps === 0) throw new Error(`no steps were told: ${said}`)
  if (!summary.compiled) throw new Error(`the step was not compiled on ${summary.engine}: ${said}`)
  return counted.milliseconds / counted.steps
}

/**
 * The JSON object that a program prints last.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<any>}
 */
export async function answerOf(program, args) {
  const child = spawn(program, args, {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const text = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (part) => (text.out += part))
  child.stderr.setEncoding('utf8').on('data', (part) => (text.err = (text.err + part).slice(-2000)))
  const code = await new Promise((settle) => {
    child.once('error', () => settle(-1))
    child.once('close', settle)
  })
  if (code !== 0) throw new Error(`it ended with ${code}: ${text.err}`)
  return JSON.parse(text.out.trim().split('\n').at(-1) ?? '')
}

/**
 * The presets of telemetry that an experiment may have.
 * @returns {Promise<string[]>}
 */
export async function telemetryPresets() {
  const { schema } = await answerOf(process.execPath, [cli, 'schema', '--json'])
  return schema.properties.telemetry.enum
}

/** The packages of a peer in Python. */
const packages = { keras: KERAS, tensorflow: KERAS, pytorch: PYTORCH }
/** @typedef {keyof typeof packages} Peer */

/** The packages, with their versions, of the peers that were found. */
export const foundPackages = /** @type {Set<string>} */ (new Set())

/**
 * The Python that has a peer; none, with a sentence, where it is not wanted or cannot be installed.
 * @param {Peer} peer
 * @param {string[]} without
 * @returns {Promise<string | undefined>}
 */
export async function pythonOf(peer, without) {
  if (without.includes(peer)) return undefined
  try {
    const python = await pythonWith(packages[peer])
    for (const each of packages[peer]) foundPackages.add(each.replace('==', ' '))
    return python
  } catch (error) {
    leaveOut(peer, error)
    return undefined
  }
}

/**
 * Says that a contender is left out and why.
 * @param {string} name
 * @param {unknown} error
 */
export function leaveOut(name, error) {
  process.stderr.write(`${name} is left out: ${error instanceof Error ? error.message : error}\n`)
}
