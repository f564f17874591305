import { join } from 'node:path'
import { createWorkbench } from './application/workbench'
import { createInstaller } from './engine/installer'
import { forkProcess } from './shells/node/forked-process'
import { gpuChoice } from './shells/node/gpu-choice'
import { systemPorts } from './shells/node/system-ports'
import { thisProcess } from './shells/terminal/process'
import { runTerminal } from './shells/terminal/terminal'

const ports = systemPorts(import.meta.dirname, forkProcess)

const code = await runTerminal({
  ...thisProcess(),
  version: ports.version,
  clock: ports.clock,
  openWorkbench: () =>
    createWorkbench({
      ...ports,
      shell: 'terminal',
      engine: createInstaller(join(import.meta.dirname, 'trainer.js'), gpuChoice)
    })
})
// What was written must be out before the end; a timer of ours must not delay it.
process.stdout.write('', () => process.exit(code))
