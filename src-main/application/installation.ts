import type { EngineStatus } from '#contract/engine'
import type { WorkbenchEvent } from '#contract/events'
import type { EnginePort } from './ports'

/** The native engine's installation: one at a time, with its progress announced. */
export interface Installation {
  /** Joins an installation that is under way. @throws Failure `engine.*` */
  install(wanted: { from?: string | undefined; gpu?: boolean | undefined }): Promise<EngineStatus>
  /** Settles when what was under way has been taken back. */
  cancel(): Promise<void>
}

/** Nothing is under way at first. */
export function createInstallation(
  engine: EnginePort,
  announce: (event: WorkbenchEvent) => void
): Installation {
  let current: { done: Promise<EngineStatus>; abort: AbortController } | undefined
  return {
    install({ from, gpu }) {
      if (current) return current.done
      const abort = new AbortController()
      const done = engine
        .install({
          ...(from !== undefined && { from }),
          ...(gpu && { gpu }),
          signal: abort.signal,
          report: (progress) => announce({ type: 'engine.progress', progress })
        })
        .finally(() => (current = undefined))
      current = { done, abort }
      return done
    },
    async cancel() {
      current?.abort.abort()
      // Whoever asked for the installation hears why it ended.
      await current?.done.catch(() => undefined)
    }
  }
}
