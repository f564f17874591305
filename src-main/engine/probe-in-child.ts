import { fork } from 'node:child_process'
import { Failure } from '#contract/failure'
import { cancelled } from './command'
import { engineEnvironment } from './environment'

/** The word in a process's arguments that asks for a probe; the engine's folder follows it. */
export const PROBE_ARGUMENT = '--probe'

const TIME_LIMIT_MS = 120_000
/** The driver may have to compile TensorFlow's kernels for the card first, which can take a quarter of an hour. */
const GPU_TIME_LIMIT_MS = 1_800_000

/** What the native engine computed of the things it must know. */
export interface ProbeReport {
  /** TensorFlow's own version. */
  version: string
  /** Names of the computations that gave wrong numbers; empty when all are right. */
  wrong: string[]
  /** TensorFlow found a graphics card, which tfjs-node then puts every tensor on. */
  isOnGpu: boolean
}

/** What a probe is asked beside the numbers. */
export interface ProbeOptions {
  /** The numbers must come from a graphics card. */
  onGpu?: boolean
  /** Added to what every native engine needs. */
  environment?: Record<string, string>
}

/**
 * Probes an engine in a process of its own, because a library that does not fit this machine ends its process.
 * `entry` is a script that calls runProbe.
 * @throws Failure `engine.probeFailed`, `engine.probeDied`, `engine.probeTimedOut`, `engine.probeWithoutGpu`, `engine.cancelled`.
 */
export function probeInChild(
  entry: string,
  folder: string,
  signal: AbortSignal,
  { onGpu = false, environment = {} }: ProbeOptions = {}
): Promise<void> {
  const timeLimit = onGpu ? GPU_TIME_LIMIT_MS : TIME_LIMIT_MS
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(cancelled())
    const child = fork(entry, [PROBE_ARGUMENT, folder], {
      env: { ...process.env, ...engineEnvironment(), ...environment },
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
    }, timeLimit)
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
      if (timedOut) settle(new Failure('engine.probeTimedOut', { seconds: timeLimit / 1000 }, 'engine'))
      else if (killedBy) settle(new Failure('engine.probeDied', { signal: killedBy }, 'engine'))
      else settle(judge(output, complaint || `exit code ${code}`, onGpu))
    })
  })
}

function judge(output: string, complaint: string, onGpu: boolean): Failure | undefined {
  const line = output.split('\n').findLast((text) => text.startsWith('{'))
  if (line === undefined) return probeFailed(complaint.trim().split('\n').at(-1) ?? '')
  const report = JSON.parse(line) as Partial<ProbeReport> & { problem?: string }
  if (report.problem !== undefined) return probeFailed(report.problem)
  if (report.wrong?.length !== 0) return probeFailed(report.wrong?.join(', ') ?? line)
  return onGpu && !report.isOnGpu ? new Failure('engine.probeWithoutGpu', {}, 'engine') : undefined
}

const probeFailed = (problem: string): Failure =>
  new Failure('engine.probeFailed', { problem: problem.slice(0, 300) }, 'engine')
