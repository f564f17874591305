import type { ActiveEngine } from '#contract/engine'
import type { MessageValues } from '#contract/messages'

/** Why an engine may be unable to run here; each has a reason, an advice and a refusal in the locales. */
export type Cause =
  | 'noGpuBuild'
  | 'noGpuEngine'
  | 'noGpuDriver'
  | 'gpuFailed'
  | 'gpuDied'
  | 'gpuTimedOut'
  | 'gpuUnused'
  | 'otherNative'
  | 'notInstalled'
  | 'damaged'
  | 'noBuild'
  | 'nativeBroken'
  | 'wasmBroken'

/** What an engine that cannot run here rejects with. */
export class Unavailable extends Error {
  constructor(
    readonly reason: Cause,
    readonly values: MessageValues = {}
  ) {
    super(reason)
  }
}

/** Starts one engine in this process; rejects with Unavailable when it cannot run here. */
export type StartOne = () => Promise<Pick<ActiveEngine, 'library' | 'threads'>>
