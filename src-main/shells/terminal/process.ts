import type { World } from './world'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** This process as the command line sees it. */
export function thisProcess(): Pick<
  World,
  'arguments' | 'environment' | 'folder' | 'stdout' | 'stderr' | 'onInterrupt'
> {
  const listeners = new Set<() => void>()
  const interrupt = (): void => listeners.forEach((listener) => listener())
  for (const signal of SIGNALS) process.on(signal, interrupt)
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
