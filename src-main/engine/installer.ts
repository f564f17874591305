import type { EngineStatus, InstallProgress } from '#contract/engine'
import { engineEnvironment } from './environment'
import { installEngine } from './install'
import { probeInChild } from './probe-in-child'
import { engineStatus, removeEngine } from './status'

/** The native engine as a workbench manages it. */
export interface EngineInstaller {
  status(): Promise<EngineStatus>
  install(options: {
    from?: string
    signal: AbortSignal
    report(progress: InstallProgress): void
  }): Promise<EngineStatus>
  remove(): Promise<void>
  /** What a training process needs in its environment to load the engine. */
  environment(): Record<string, string>
}

/** The installer; `trainer` is the script of the training process, in which an engine is probed before it is used. */
export const createInstaller = (trainer: string): EngineInstaller => ({
  status: () => engineStatus(),
  install: (options) =>
    installEngine({ ...options, probe: (folder, signal) => probeInChild(trainer, folder, signal) }),
  remove: () => removeEngine(),
  environment: () => engineEnvironment()
})
