import { serve, type Handlers } from '#contract/wire'
import { workerRequests, type WorkerEvent, type WorkerRequests } from '#contract/worker'
import { inspectPath } from './datasets/inspect-path'
import { preparedShape } from './datasets/preparation'
import { prepareSource } from './datasets/prepare'
import { readSamples } from './datasets/samples'
import { answerAboutSources } from './datasets/source-questions'
import { exportModel } from './exporters/export-model'
import { parentWire } from './shells/node/parent-wire'

/** What was posted last must leave this process before it ends. */
const FAREWELL_MS = 100

/** Opens files that are not to be trusted, for the process that forked this one. */
const handlers: Handlers<WorkerRequests> = {
  prepare: ({ source, library }) => prepareSource(source, library, announce),
  inspect: ({ path }) => inspectPath(path),
  ...answerAboutSources((event) => announce(event)),
  async describeModel({ experiment, data }) {
    const { describeModel } = await import('./models/inspect')
    return describeModel(experiment.model.layers, preparedShape(experiment, data))
  },
  export: (order) => exportModel(order),
  readSamples: ({ path, limit, ...form }) => readSamples(path, form, limit)
}

const wire = parentWire()
const { announce } = serve<WorkerRequests, WorkerEvent>(wire, workerRequests, handlers)
void wire.closed.then(() => process.exit(0))
process.on('unhandledRejection', (error) => {
  console.error(error)
  setTimeout(() => process.exit(1), FAREWELL_MS)
})
