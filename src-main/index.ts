import { join } from 'node:path'
import { createWorkbench } from './application/workbench'
import { createInstaller } from './engine/installer'
import { openElectronShell } from './shells/electron/shell'
import { startUtilityProcess } from './shells/electron/utility-process'
import { systemPorts } from './shells/node/system-ports'

const out = join(import.meta.dirname, '..')

openElectronShell({
  createWorkbench: () =>
    createWorkbench({
      ...systemPorts(import.meta.dirname, startUtilityProcess),
      shell: 'electron',
      engine: createInstaller(join(import.meta.dirname, 'trainer.js'))
    }),
  page: join(out, 'renderer'),
  preload: join(out, 'preload', 'index.cjs')
})
