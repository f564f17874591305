import { serve } from '#contract/wire'
import { trainerRequests, type TrainerEvent } from '#contract/trainer'
import { startEngine } from './engine/backends'
import { PROBE_ARGUMENT, runProbe } from './engine/probe'
import { probeInChild } from './engine/probe-in-child'
import { startersWith } from './engine/starters'
import { endWithBugs, leave, parentWire } from './shells/node/parent-wire'
import { startThread } from './shells/node/thread'
import { createTrainingService } from './training/service'

if (process.argv.includes(PROBE_ARGUMENT)) await runProbe()
else serveTraining()

/** Trains one run for the process that forked this one, and ends with it. */
function serveTraining(): void {
  const wire = parentWire()
  const announcements: { announce?(event: TrainerEvent): void } = {}
  const starters = startersWith((libraries, signal) =>
    probeInChild(import.meta.filename, libraries, signal, { onGpu: true })
  )
  const service = createTrainingService(
    (choice) => startEngine(choice, { starters }),
    (event) => announcements.announce?.(event),
    { startFeederThread: (task) => startThread(new URL('./feeder.js', import.meta.url), task) }
  )
  announcements.announce = serve(wire, trainerRequests, service.handlers).announce

  void service.finished.then(() => leave(0))
  void wire.closed.then(() => {
    service.stop('interrupted')
    if (!service.isTraining) process.exit(0)
  })
  endWithBugs()
}
