import { fork } from 'node:child_process'
import { Failure } from '#contract/failure'
import { cancelled } from './command'
import { engineEnvironment } from './environment'

/** The word in a process's arguments that asks for a probe; the engine's folder follows it. */
export const PROBE_ARGUMENT = '--probe'

const TIME_LIMIT_MS = 120_000

/** What the native engine computed of the things it must know. */
export interface ProbeReport {
  /** TensorFlow's own version. */
  version: string
  /** Names of the computations that gave wrong numbers; empty when all are right. */
  wrong: string[]
}

/**
 * Probes an engine in a process of its own, because a library that does not fit this machine ends its process.
 * `entry` is a script that calls runProbe.
 * @throws Failure `engine.probeFailed`, `engine.probeDied`, `engine.probeTimedOut`, `engine.cancelled`.
 */
export function probeInChild(entry: string, folder: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(cancelled())
    const child = fork(entry, [PROBE_ARGUMENT, folder], {
      env: { ...process.env, ...engineEnvironment() },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: []
    })
    let output = ''
    let complaint = ''
    let timedOut = false
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (complaint = (complaint + text).slice(-2000)))
    const stop = (): void => void child.kill('SIGKILL')
    const limit = setTimeout(() => {
      timedOut = true
      stop()
    }, TIME_LIMIT_MS)
    signal.addEventListener('abort', stop, { once: true })
    const settle = (problem: Failure | undefined): void => {
      clearTimeout(limit)
      signal.removeEventListener('abort', stop)
      if (signal.aborted) reject(cancelled())
      else if (problem) reject(problem)
      else resolve()
    }
    child.once('error', (error) => settle(probeFailed(error.message)))
    child.once('close', (code, killedBy) => {
      if (timedOut) settle(new Failure('engine.probeTimedOut', { seconds: TIME_LIMIT_MS / 1000 }, 'engine'))
      else if (killedBy) settle(new Failure('engine.probeDied', { signal: killedBy }, 'engine'))
      else settle(judge(output, complaint || `exit code ${code}`))
    })
  })
}

function judge(output: string, complaint: string): Failure | undefined {
  const line = output.split('\n').findLast((text) => text.startsWith('{'))
  if (line === undefined) return probeFailed(complaint.trim().split('\n').at(-1) ?? '')
  const report = JSON.parse(line) as Partial<ProbeReport> & { problem?: string }
  if (report.problem !== undefined) return probeFailed(report.problem)
  return report.wrong?.length === 0 ? undefined : probeFailed(report.wrong?.join(', ') ?? line)
}

const probeFailed = (problem: string): Failure =>
  new Failure('engine.probeFailed', { problem: problem.slice(0, 300) }, 'engine')
