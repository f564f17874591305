import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { Failure } from '#contract/failure'

/** How a command ended. */
export interface CommandResult {
  /** Exit status; 127 where the program does not exist. */
  code: number
  /** The end of what it wrote to both streams. */
  output: string
}

export interface CommandOptions {
  signal: AbortSignal
  /** Added to this process's environment. */
  env?: Record<string, string>
}

/** Runs a program to its end. Rejects with Failure `engine.cancelled` when the signal aborts. */
export type RunCommand = (
  program: string,
  parameters: string[],
  options: CommandOptions
) => Promise<CommandResult>

const KEPT_OUTPUT_CHARACTERS = 16_000

/** Runs a program in a process group of its own, so that cancelling ends what it started, too. */
export const runCommand: RunCommand = (program, parameters, { signal, env }) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(cancelled())
    const child = spawn(program, parameters, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true
    })
    let output = ''
    const keep = (text: string): void => {
      output = (output + text).slice(-KEPT_OUTPUT_CHARACTERS)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const stop = (): void => endGroup(child.pid)
    signal.addEventListener('abort', stop, { once: true })
    const settle = (code: number): void => {
      signal.removeEventListener('abort', stop)
      if (signal.aborted) reject(cancelled())
      else resolve({ code, output })
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      keep(error.message)
      settle(error.code === 'ENOENT' ? 127 : 126)
    })
    child.once('close', (code) => settle(code ?? 1))
  })

/** The error of an installation that its user stopped. */
export const cancelled = (): Failure => new Failure('engine.cancelled', {}, 'engine')

/** The first of some programs that lies on the PATH, or undefined; looks at files only. */
export async function findProgram(names: readonly string[]): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const name of names)
    for (const folder of folders) {
      const found = await access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false
      )
      if (found) return name
    }
  return undefined
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM')
  } catch {
    // It ended by itself in the meantime.
  }
}
