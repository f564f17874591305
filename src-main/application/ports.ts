import type { EngineStatus, GpuSample, InstallProgress } from '#contract/engine'
import type { Message } from '#contract/messages'
import type { Requests } from '#contract/requests'
import type { LibrarySource } from '#contract/settings'
import type { InputOf, Wire } from '#contract/wire'

/** How a process ended: its exit code or the signal that ended it, and the last lines it wrote. */
export interface ChildExit {
  code: number | null
  signal: string | null
  lines: string[]
}

/** A process of ours that runs apart: a trainer or the worker. */
export interface ChildPort {
  wire: Wire
  readonly processId: number | undefined
  exited: Promise<ChildExit>
  /** Ends it at once, without asking. */
  kill(): void
}

/** Starts a process; `environment` is added to this process's own. */
export type StartChild = (which: 'trainer' | 'worker', environment?: Record<string, string>) => ChildPort

/** The installer of the native engine. */
export interface EnginePort {
  status(): Promise<EngineStatus>
  /** Compares the bytes of an installed engine, which takes seconds: what has become of it, if anything. */
  findDamage(): Promise<Message | undefined>
  install(options: {
    /** The engine for graphics cards instead of the one for the processor. */
    gpu?: boolean
    from?: string
    signal: AbortSignal
    report(progress: InstallProgress): void
  }): Promise<EngineStatus>
  /** Deletes all engines, or the one for graphics cards alone. */
  remove(options: { gpu?: boolean }): Promise<void>
  /** What a training process needs in its environment to load the engine. */
  environment(): Record<string, string>
  /** How busy the card is that a training process gets; undefined where that cannot be told. */
  sampleGpu(): Promise<GpuSample | undefined>
}

/** Absolute folders that the workbench reads and writes. */
export interface Paths {
  library: string
  presets: string
  /** The results of studies that come with the product; absent where none do. */
  studies?: string
  /** Folders that may be looked through, where the shell was given some. */
  browsable?: readonly string[]
}

/** Why the library is where it is, and where it would be without a setting. */
export interface LibraryRule {
  source: LibrarySource
  /** The system's own place for it. */
  system: string
  /** Why it is not where the settings want it. */
  problem?: Message
}

/** What only a desktop can do. */
export interface DesktopPort {
  /** Lets the user choose with the system's own dialog; undefined when nothing was chosen. */
  choose(what: InputOf<Requests, 'desktop.choose'>['what']): Promise<string | undefined>
}

/** Where preferences are kept: one JSON object, as it was written last. */
export interface SettingsStore {
  read(): unknown
  write(value: Record<string, unknown>): void | Promise<void>
}

/** Time, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs an action later; the returned function calls it off. */
  after(milliseconds: number, action: () => void): () => void
}

/** Everything the workbench asks of the world. */
export interface Ports {
  version: string
  shell: 'electron' | 'browser' | 'terminal'
  paths: Paths
  libraryRule: LibraryRule
  /** Absent where there is no desktop of ours. */
  desktop?: DesktopPort
  startChild: StartChild
  engine: EnginePort
  settings: SettingsStore
  clock: Clock
}
