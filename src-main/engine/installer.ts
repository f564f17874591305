import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { EngineStatus, GpuSample, InstallProgress } from '#contract/engine'
import type { Message } from '#contract/messages'
import { engineEnvironment } from './environment'
import { gpuEnvironment, type GpuChoice } from './gpu/environment'
import { sampleGpu } from './gpu/sample'
import { installEngine } from './install'
import { findDamage } from './integrity'
import { gpuFolder } from './pinned'
import { probeInChild } from './probe-in-child'
import { engineStatus, removeEngine } from './status'

/** The native engine as a workbench manages it. */
export interface EngineInstaller {
  status(): Promise<EngineStatus>
  /** What has become of an installed engine's files, whose bytes are compared; undefined where nothing is known. */
  findDamage(): Promise<Message | undefined>
  install(options: {
    gpu?: boolean
    from?: string
    signal: AbortSignal
    report(progress: InstallProgress): void
  }): Promise<EngineStatus>
  /** Deletes all engines, or the one with a GPU alone. */
  remove(options: { gpu?: boolean }): Promise<void>
  /** What a training process needs in its environment to load the engine, with the card that is chosen now. */
  environment(): Record<string, string>
  /** How busy the card is that a training process gets; undefined where that cannot be told. */
  sampleGpu(): Promise<GpuSample | undefined>
}

/**
 * The installer; `trainer` is the script of the training process, in which an engine is probed before it is used, and
 * `choice` says which graphics card is wanted.
 */
export function createInstaller(trainer: string, choice: () => GpuChoice): EngineInstaller {
  const onCard = (folder: string): Record<string, string> => gpuEnvironment(choice(), folder)
  return {
    status: () => engineStatus(),
    findDamage: () => findDamage(),
    install: ({ gpu = false, ...options }) =>
      installEngine({
        ...options,
        build: gpu ? 'gpu' : 'cpu',
        probe: (libraries, signal) =>
          probeInChild(
            trainer,
            libraries,
            signal,
            gpu ? { onGpu: true, environment: onCard(dirname(libraries)) } : {}
          )
      }),
    async remove({ gpu = false }) {
      await removeEngine({ build: 'gpu' })
      if (!gpu) await removeEngine()
    },
    environment() {
      const folder = gpuFolder()
      return { ...engineEnvironment(), ...(existsSync(folder) && onCard(folder)) }
    },
    sampleGpu: () => sampleGpu(onCard(gpuFolder()).CUDA_VISIBLE_DEVICES)
  }
}
