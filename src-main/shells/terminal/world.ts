import type { Clock } from '../../application/ports'
import type { Workbench } from '../../application/workbench'

/** Where text goes; a terminal has a width and redraws a line. */
export interface TextStream {
  write(text: string): void
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Everything the command line asks of the world. */
export interface World {
  /** What stands behind the program's name. */
  arguments: string[]
  environment: Readonly<Record<string, string | undefined>>
  /** Absolute folder that relative paths start from. */
  folder: string
  version: string
  stdout: TextStream
  stderr: TextStream
  clock: Clock
  openWorkbench(): Workbench
  /** Hears each wish to end, such as Ctrl+C; the returned function stops listening. */
  onInterrupt(listener: () => void): () => void
}
