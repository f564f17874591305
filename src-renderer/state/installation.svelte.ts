import type { EngineStatus, GpuSample, InstallProgress } from '#contract/engine'
import type { WorkbenchEvent } from '#contract/events'
import type { Call } from './link.svelte'

/** The native engine in the user's cache folder: what there is, and how far its installation has come. */
export class Installation {
  readonly #call: Call
  #cancelled = false
  #status = $state.raw<EngineStatus>()
  #progress = $state.raw<InstallProgress>()
  #removing = $state(false)
  #gpu = $state.raw<GpuSample>()

  constructor(call: Call) {
    this.#call = call
  }

  get status(): EngineStatus | undefined {
    return this.#status
  }
  /** How far the installation is, while there is one. */
  get progress(): InstallProgress | undefined {
    return this.#progress
  }
  get removing(): boolean {
    return this.#removing
  }
  /** How busy the graphics card was when it was asked last; undefined where it does not tell. */
  get gpu(): GpuSample | undefined {
    return this.#gpu
  }

  /** Takes over what the workbench said of the engine. */
  know(status: EngineStatus): void {
    this.#status = status
  }

  hear(event: WorkbenchEvent): void {
    if (event.type === 'gpu.sampled') this.#gpu = event.sample
    if (event.type !== 'engine.progress') return
    this.#progress = event.progress.stage === 'done' ? undefined : event.progress
  }

  /**
   * Installs the engine, or the one for graphics cards; answers when it is there or the user cancelled.
   * @throws Failure that says what went wrong
   */
  async install(gpu = false): Promise<void> {
    this.#cancelled = false
    try {
      this.#status = await this.#call('engine.install', gpu ? { gpu } : {})
    } catch (error) {
      // The user who cancels knows why it ended.
      if (!this.#cancelled) throw error
    } finally {
      this.#progress = undefined
    }
  }

  async cancel(): Promise<void> {
    this.#cancelled = true
    await this.#call('engine.cancel', {})
  }

  /** Deletes the files of all engines, or of the one for graphics cards. @throws Failure, such as while a run uses it */
  async remove(gpu = false): Promise<void> {
    this.#removing = true
    try {
      await this.#call('engine.remove', gpu ? { gpu } : {})
      this.#status = await this.#call('engine.status', {})
    } finally {
      this.#removing = false
    }
  }
}
