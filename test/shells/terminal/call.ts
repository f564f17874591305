import { createWorkbench } from '../../../src-main/application/workbench'
import { runTerminal } from '../../../src-main/shells/terminal/terminal'
import type { World } from '../../../src-main/shells/terminal/world'
import type { FakeWorld } from '../../application/fake-ports'

/** A command that was called, and what it has said so far. */
export interface Call {
  code: Promise<number>
  out(): string
  err(): string
  /** Each line of standard output as JSON. */
  lines(): Record<string, unknown>[]
  interrupt(): void
}

/** Calls `steadygrad` with the words of a line, in a folder and over fake ports. */
export function callTerminal(
  line: string,
  folder: string,
  ports: FakeWorld,
  changed: Partial<World> = {}
): Call {
  const text = { out: '', err: '' }
  const listeners = new Set<() => void>()
  const code = runTerminal({
    arguments: line.split(' ').filter((word) => word !== ''),
    environment: { LANG: 'en_US.UTF-8' },
    folder,
    version: ports.version,
    stdout: { write: (part) => void (text.out += part) },
    stderr: { write: (part) => void (text.err += part) },
    clock: ports.clock,
    openWorkbench: () => createWorkbench(ports),
    onInterrupt(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ...changed
  })
  return {
    code,
    out: () => text.out,
    err: () => text.err,
    lines: () =>
      text.out
        .split('\n')
        .filter((part) => part !== '')
        .map((part) => JSON.parse(part) as Record<string, unknown>),
    interrupt: () => listeners.forEach((listener) => listener())
  }
}
