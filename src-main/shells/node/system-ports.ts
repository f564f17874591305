import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ports } from '../../application/ports'
import { childrenFrom, type StartProcess } from './child-processes'
import { findRoot, libraryFolder, settingsFolder } from './paths'
import { openSettings } from './settings-store'

/** What the workbench asks of the system, but for the engine: our version, our folders, our processes, settings and the time. */
export function systemPorts(
  /** Folder of the built entries. */
  entries: string,
  startProcess: StartProcess
): Omit<Ports, 'engine' | 'shell'> {
  const root = findRoot(entries)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return {
    version,
    paths: { library: libraryFolder(), presets: join(root, 'resources', 'presets') },
    startChild: childrenFrom(entries, startProcess),
    settings: openSettings(settingsFolder(), version),
    clock: {
      now: Date.now,
      after: (milliseconds, action) => {
        const timer = setTimeout(action, milliseconds)
        return () => clearTimeout(timer)
      }
    }
  }
}
