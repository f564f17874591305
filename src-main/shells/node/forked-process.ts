import { fork, type ChildProcess } from 'node:child_process'
import type { ChildExit, ChildPort } from '../../application/ports'
import type { StartProcess } from './child-processes'
import { keepLastLines } from './last-lines'

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/**
 * Starts a process under this one's Node. What it writes to its outputs is kept, not shown: our own standard output
 * belongs to the user. It does not outlive this process.
 */
export const forkProcess: StartProcess = ({ entry, name, environment, execArgv }): ChildPort => {
  const child = fork(entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
    execArgv
  })
  running.add(child)
  const lines = keepLastLines(child.stdout, child.stderr)

  const exited = new Promise<ChildExit>((resolve) => {
    const end = (exit: ChildExit): void => {
      running.delete(child)
      resolve(exit)
    }
    // Not 'exit': the last lines may still be on their way then.
    child.once('close', (code, signal) => end({ code, signal, lines: lines() }))
    child.on('error', (error) => {
      if (child.pid === undefined) end({ code: null, signal: null, lines: [error.message] })
    })
  })

  return {
    wire: {
      // A message to a process that is ending is lost without a sound: `closed` tells of the end.
      post: (message) => child.connected && child.send(message as object, () => {}),
      listen: (listener) => {
        child.on('message', listener)
        return () => child.off('message', listener)
      },
      closed: exited.then(({ code, signal }) => `${name}: ${signal ?? `exit ${code ?? '?'}`}`)
    },
    get processId() {
      return child.pid
    },
    exited,
    kill: () => child.kill('SIGKILL')
  }
}
