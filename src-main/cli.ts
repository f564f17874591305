import { join } from 'node:path'
import { createWorkbench } from './application/workbench'
import { engineEnvironment } from './engine/environment'
import { installEngine } from './engine/install'
import { probeInChild } from './engine/probe-in-child'
import { engineStatus, removeEngine } from './engine/status'
import { forkProcess } from './shells/node/forked-process'
import { systemPorts } from './shells/node/system-ports'
import { thisProcess } from './shells/terminal/process'
import { runTerminal } from './shells/terminal/terminal'

const ports = systemPorts(import.meta.dirname, forkProcess)
const trainer = join(import.meta.dirname, 'trainer.js')

const code = await runTerminal({
  ...thisProcess(),
  version: ports.version,
  clock: ports.clock,
  openWorkbench: () =>
    createWorkbench({
      ...ports,
      shell: 'terminal',
      engine: {
        status: () => engineStatus(),
        install: (options) =>
          installEngine({ ...options, probe: (folder, signal) => probeInChild(trainer, folder, signal) }),
        remove: () => removeEngine(),
        environment: () => engineEnvironment()
      }
    })
})
// What was written must be out before the end; a timer of ours must not delay it.
process.stdout.write('', () => process.exit(code))
