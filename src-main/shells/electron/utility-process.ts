import { utilityProcess } from 'electron'
import type { ChildExit, ChildPort } from '../../application/ports'
import type { StartProcess } from '../node/child-processes'
import { keepLastLines } from '../node/last-lines'
import { PARENT_VARIABLE } from '../node/parent-wire'

/** Variables that would change what the process is or does. */
const REFUSED_VARIABLES = ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'ELECTRON_RENDERER_URL']

/** Starts a process under Electron's own Node. To be called when the app is ready. */
export const startUtilityProcess: StartProcess = ({ entry, name, environment, execArgv }): ChildPort => {
  const child = utilityProcess.fork(entry, [], {
    serviceName: name,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment(environment),
    execArgv
  })
  const lines = keepLastLines(child.stdout, child.stderr)
  let isKilled = false

  const exited = new Promise<ChildExit>((resolve) => {
    // Electron reports a process that we killed with code 0, so the intent is remembered here.
    child.once('exit', (code) =>
      resolve({ code: isKilled ? null : code, signal: isKilled ? 'SIGKILL' : null, lines: lines() })
    )
  })

  return {
    wire: {
      post: (message) => child.postMessage(message),
      listen: (listener) => {
        child.on('message', listener)
        return () => child.removeListener('message', listener)
      },
      closed: exited.then(({ code, signal }) => `${name}: ${signal ?? `exit ${code ?? '?'}`}`)
    },
    get processId() {
      return child.pid
    },
    exited,
    kill() {
      isKilled = true
      // Electron's own kill asks first and waits.
      if (child.pid === undefined) child.once('spawn', end)
      else end()
    }
  }

  function end(): void {
    if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
  }
}

function childEnvironment(added: Record<string, string>): Record<string, string> {
  const all = { ...process.env, ...added, [PARENT_VARIABLE]: String(process.pid) }
  const kept = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !REFUSED_VARIABLES.includes(entry[0])
  )
  return Object.fromEntries(kept)
}
