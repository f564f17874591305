import { join } from 'node:path'
import type { StartChild } from '../../application/ports'

/** Heap of the worker: it opens files that are not to be trusted. Typed arrays are not part of it. */
const WORKER_HEAP_MIB = 2_048

/** What starts one process of ours; both platforms have one. */
export type StartProcess = (start: {
  /** Absolute path of its JavaScript. */
  entry: string
  /** Its name in messages and, where the platform can, in lists of processes. */
  name: string
  /** Added to this process's own environment. */
  environment: Record<string, string>
  /** Options for the runtime, such as a limit of memory. */
  execArgv: string[]
}) => ReturnType<StartChild>

/** Starts trainers and workers whose JavaScript lies in a folder. */
export const childrenFrom =
  (folder: string, startProcess: StartProcess): StartChild =>
  (which, environment = {}) =>
    startProcess({
      entry: join(folder, `${which}.js`),
      name: `steadygrad ${which}`,
      environment,
      execArgv: which === 'worker' ? [`--max-old-space-size=${WORKER_HEAP_MIB}`] : []
    })
