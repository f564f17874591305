import { join } from 'node:path'
import { createWorkbench } from './application/workbench'
import { createInstaller } from './engine/installer'
import { openDesktop } from './shells/electron/desktop'
import { openElectronSettings } from './shells/electron/settings-store'
import { openElectronShell } from './shells/electron/shell'
import { startUtilityProcess } from './shells/electron/utility-process'
import { gpuChoice } from './shells/node/gpu-choice'
import { settingsFolder } from './shells/node/paths'
import { systemPorts } from './shells/node/system-ports'

const out = join(import.meta.dirname, '..')

openElectronShell({
  createWorkbench: () => {
    const ports = systemPorts(import.meta.dirname, startUtilityProcess)
    return createWorkbench({
      ...ports,
      shell: 'electron',
      desktop: openDesktop(),
      settings: openElectronSettings(settingsFolder(), ports.version),
      engine: createInstaller(join(import.meta.dirname, 'trainer.js'), gpuChoice)
    })
  },
  page: join(out, 'renderer'),
  preload: join(out, 'preload', 'index.cjs'),
  icon: join(out, '..', 'resources', 'icons', 'tray.png')
})
