// Programs that a start runs, one at a time, so that Ctrl+C ends the one at work.
import { spawn } from 'node:child_process'

/** @typedef {{ code: number, signal: NodeJS.Signals | null }} Ending */
/** @type {import('node:child_process').ChildProcess | undefined} */
let current
/** @type {NodeJS.Signals | undefined} */
let told

/** The signal that told this process to end while a program was at work, if one did. */
export const toldToEnd = () => told

/** Forgets a signal that was meant for the program at work alone. */
export function forgetSignal() {
  told = undefined
}

/** @param {NodeJS.Signals} signal */
function pass(signal) {
  told = signal
  // A terminal sends Ctrl+C to every process in the foreground; the program has heard it already.
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  current?.kill(signal)
}

/**
 * Runs a program to its end. What it writes goes to standard error: standard output is for the address alone.
 * @param {string} program
 * @param {string[]} parameters
 * @param {{ cwd: string, isQuiet?: boolean, limit?: number, hasChannel?: boolean, env?: NodeJS.ProcessEnv, shell?: boolean }} options
 *   `limit` is the longest it may take, in milliseconds; a channel tells it when this process is gone.
 * @returns {Promise<Ending>}
 */
export function run(program, parameters, { isQuiet = false, hasChannel = false, limit, ...options }) {
  return new Promise((resolve) => {
    const output = isQuiet ? 'ignore' : 2
    const stdio = /** @type {import('node:child_process').StdioOptions} */ ([
      'inherit',
      output,
      output,
      ...(hasChannel ? ['ipc'] : [])
    ])
    const child = spawn(program, parameters, { ...options, stdio, timeout: limit, killSignal: 'SIGKILL' })
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
    current = child
    signals.forEach((signal) => process.on(signal, pass))
    const end = (/** @type {Ending} */ ending) => {
      signals.forEach((signal) => process.off(signal, pass))
      current = undefined
      resolve(ending)
    }
    child.once('error', () => end({ code: 127, signal: null }))
    child.once('exit', (code, signal) => end({ code: code ?? 1, signal }))
  })
}
