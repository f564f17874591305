import type { World } from './world'

/** npm and a terminal both hand on the same Ctrl+C, so it may arrive twice. */
const SAME_KEYPRESS_MS = 500
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** This process as the command line sees it. */
export function thisProcess(): Pick<
  World,
  'arguments' | 'environment' | 'folder' | 'stdout' | 'stderr' | 'onInterrupt'
> {
  const listeners = new Set<() => void>()
  const interrupt = (): void => listeners.forEach((listener) => listener())
  let told = -Infinity
  const hear = (): void => {
    const now = performance.now()
    if (now - told > SAME_KEYPRESS_MS) interrupt()
    told = now
  }
  for (const signal of SIGNALS) process.on(signal, hear)
  let isUnread = false
  const unread = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error
    // Nobody reads any more, as when the output goes to `head`: the same as being told to end, but once.
    if (!isUnread) interrupt()
    isUnread = true
  }
  process.stdout.on('error', unread)
  process.stderr.on('error', unread)
  return {
    arguments: process.argv.slice(2),
    environment: process.env,
    folder: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
