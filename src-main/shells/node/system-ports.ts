import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ports } from '../../application/ports'
import { childrenFrom, type StartProcess } from './child-processes'
import { findRoot, libraryPlace, settingsFolder } from './paths'
import { openSettings, peekSetting } from './settings-store'

/** What the workbench asks of the system, but for the engine: our version, our folders, our processes, settings and the time. */
export function systemPorts(
  /** Folder of the built entries. */
  entries: string,
  startProcess: StartProcess
): Omit<Ports, 'engine' | 'shell'> {
  const root = findRoot(entries)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const { folder, rule } = libraryPlace(peekSetting(settingsFolder(), 'library'))
  return {
    version,
    paths: {
      library: folder,
      presets: join(root, 'resources', 'presets'),
      studies: join(root, 'resources', 'studies')
    },
    libraryRule: rule,
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
