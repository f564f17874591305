import type { Wire } from '#contract/wire'

/** Tells a utility process, which hears nothing of its parent's death, whom to watch. */
export const PARENT_VARIABLE = 'STEADYGRAD_PARENT'
const WATCH_INTERVAL_MS = 2_000
/** What was posted last must leave a process before it ends. */
const FAREWELL_MS = 100

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  removeListener(event: 'message', listener: (event: { data: unknown }) => void): void
}

/**
 * The wire of a forked process to the process that started it. `closed` settles when that one is gone; what then
 * becomes of this process is for its entry to decide.
 * @throws Error in a process that nobody forked.
 */
export function parentWire(): Wire {
  ignoreTerminalSignals()
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort) return utilityWire(parentPort)
  if (process.send) return forkedWire()
  throw new Error('this process has no parent to talk to')
}

/** Ends this process when what it posted last has left it. */
export const leave = (code: number): void => void setTimeout(() => process.exit(code), FAREWELL_MS)

/** A bug that nobody answers for ends this process, with its stack as the last words. */
export function endWithBugs(): void {
  process.on('unhandledRejection', (error) => {
    console.error(error)
    leave(1)
  })
}

// A terminal sends these to every process of its group. The parent hears them too and says what to do.
function ignoreTerminalSignals(): void {
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
}

function forkedWire(): Wire {
  return {
    // What the parent did not live to hear is told by `closed`.
    post: (message) => process.connected && process.send?.(message, undefined, {}, () => {}),
    listen: (listener) => {
      process.on('message', listener)
      return () => process.off('message', listener)
    },
    closed: new Promise((resolve) => process.once('disconnect', () => resolve('the parent process is gone')))
  }
}

function utilityWire(port: ParentPort): Wire {
  return {
    post: (message) => port.postMessage(message),
    listen: (listener) => {
      const hear = ({ data }: { data: unknown }): void => listener(data)
      port.on('message', hear)
      return () => port.removeListener('message', hear)
    },
    closed: new Promise((resolve) => {
      const parent = Number(process.env[PARENT_VARIABLE])
      if (!parent) return
      const timer = setInterval(() => {
        if (isRunning(parent)) return
        clearInterval(timer)
        resolve('the parent process is gone')
      }, WATCH_INTERVAL_MS)
      timer.unref()
    })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
