import { Failure } from '#contract/failure'
import type { FileDoor } from '../workbench'
import type { Call } from './link.svelte'
import type { Picked } from './picked-files'

/** Files on their way to the workbench. */
export interface Sending {
  files: number
  bytes: number
  /** Share that is sent, 0 to 1. */
  share: number
}

/** Brings files that a user chose or dropped to where the workbench can open them by a path. */
export class Delivery {
  readonly #call: Call
  readonly #door: FileDoor
  #abort: AbortController | undefined
  #sending = $state.raw<Sending>()

  constructor(call: Call, door: FileDoor) {
    this.#call = call
    this.#door = door
  }

  /** What is on its way now. */
  get sending(): Sending | undefined {
    return this.#sending
  }

  /**
   * The path to open: known at once in Electron, else where the files are after they were sent; undefined when it was
   * called off.
   * @throws Failure `data.upload*` or whatever keeps the files from arriving
   */
  async pathOf(files: readonly Picked[]): Promise<string | undefined> {
    this.cancel()
    if (files.length === 0) throw new Failure('data.uploadEmpty')
    const known = this.knownPathOf(files[0])
    if (known) return known
    const { signal } = (this.#abort = new AbortController())
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
    const show = (share: number): void => {
      if (!signal.aborted) this.#sending = { files: files.length, bytes, share }
    }
    try {
      show(0)
      await this.#call('files.room', { bytes, files: files.length })
      const path = await this.#door.send(files, show, signal)
      return signal.aborted ? undefined : path
    } catch (error) {
      // Whoever called it off knows.
      if (signal.aborted) return undefined
      throw error
    } finally {
      if (!signal.aborted) this.#sending = undefined
    }
  }

  /** The path of a file where the page is told; undefined where files must be sent. */
  knownPathOf = ({ file }: Picked): string | undefined => this.#door.pathOf(file)

  cancel = (): void => {
    this.#abort?.abort()
    this.#sending = undefined
  }
}
