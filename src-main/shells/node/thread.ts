import { Worker } from 'node:worker_threads'
import type { Wire } from '#contract/wire'

/**
 * Starts a thread of this process that runs a module and finds `task` as its `workerData`; memory that is shared is not
 * copied. `closed` settles with the reason when the thread has ended, however it did.
 */
export function startThread(entry: URL, task: unknown): Wire & { end(): void } {
  const thread = new Worker(entry, { workerData: task })
  let problem: string | undefined
  // An exit follows every error.
  thread.on('error', (error) => (problem = error instanceof Error ? error.message : String(error)))
  return {
    post: (message) => thread.postMessage(message),
    listen: (listener) => {
      thread.on('message', listener)
      return () => thread.off('message', listener)
    },
    closed: new Promise((resolve) => thread.once('exit', (code) => resolve(problem ?? `exit code ${code}`))),
    end: () => void thread.terminate()
  }
}
