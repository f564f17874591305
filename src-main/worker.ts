import { serve, type Handlers } from '#contract/wire'
import { workerRequests, type WorkerEvent, type WorkerRequests } from '#contract/worker'
import { inspectPath } from './datasets/inspect-path'
import { preparedShape } from './datasets/preparation'
import { prepareSource } from './datasets/prepare'
import { readSamples } from './datasets/samples'
import { answerAboutSources } from './datasets/source-questions'
import { exportModel } from './exporters/export-model'
import { importModel, inspectModel } from './importers/import-model'
import { parentWire } from './shells/node/parent-wire'

/** What was posted last must leave this process before it ends. */
const FAREWELL_MS = 100

// The library beneath is loaded when it is needed.
const models = () => import('./models/inspect')

/** Opens files that are not to be trusted, for the process that forked this one. */
const handlers: Handlers<WorkerRequests> = {
  prepare: ({ source, library }) => prepareSource(source, library, announce),
  inspect: ({ path }) => inspectPath(path),
  ...answerAboutSources((event) => announce(event)),
  describeModel: async ({ experiment, data }) =>
    (await models()).describeModel(experiment.model.layers, preparedShape(experiment, data)),
  export: (order) => exportModel(order),
  async importModel({ path, ground: given }) {
    const ground = given && { ...given, featureShape: preparedShape(given.experiment, given.data) }
    return importModel(path, ground, (await models()).describeLayer)
  },
  inspectModel: async ({ path }) => inspectModel(path, (await models()).describeLayer),
  readSamples: ({ path, limit, ...form }) => readSamples(path, form, limit)
}

const wire = parentWire()
const { announce } = serve<WorkerRequests, WorkerEvent>(wire, workerRequests, handlers)
void wire.closed.then(() => process.exit(0))
process.on('unhandledRejection', (error) => {
  console.error(error)
  setTimeout(() => process.exit(1), FAREWELL_MS)
})
