import { join } from 'node:path'
import { createWorkbench } from './application/workbench'
import { createInstaller } from './engine/installer'
import { openBrowserShell } from './shells/browser/shell'
import { describeError, exitCodeOf } from './shells/node/ending'
import { forkProcess } from './shells/node/forked-process'
import { gpuChoice } from './shells/node/gpu-choice'
import { languageFrom } from './shells/node/paths'
import { systemPorts } from './shells/node/system-ports'

const language = languageFrom()

openBrowserShell({
  createWorkbench: (browsable) => {
    const ports = systemPorts(import.meta.dirname, forkProcess)
    return createWorkbench({
      ...ports,
      paths: { ...ports.paths, browsable },
      shell: 'browser',
      engine: createInstaller(join(import.meta.dirname, 'trainer.js'), gpuChoice)
    })
  },
  page: join(import.meta.dirname, '..', 'renderer'),
  parameters: process.argv.slice(2),
  language
}).catch((error: unknown) => {
  process.stderr.write(`${describeError(error, language)}\n`)
  process.exitCode = exitCodeOf(error)
})
