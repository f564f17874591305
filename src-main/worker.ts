import { serve, type Handlers } from '#contract/wire'
import { workerRequests, type WorkerEvent, type WorkerRequests } from '#contract/worker'
import { openWorks } from '#contract/work'
import { inspectPath, sourceAt } from './datasets/inspect-path'
import { preparedShape } from './datasets/preparation'
import { prepareSource } from './datasets/prepare'
import { readSamples } from './datasets/samples'
import { answerAboutSources } from './datasets/source-questions'
import { exportModel } from './exporters/export-model'
import { importModel, inspectModel } from './importers/import-model'
import { endWithBugs, parentWire } from './shells/node/parent-wire'

const models = () => import('./models/inspect')

const works = openWorks((progress) => announce({ type: 'progress', ...progress }))
/** Opens files that are not to be trusted, for the process that forked this one. */
const handlers: Handlers<WorkerRequests> = {
  prepare: ({ source, library, work }) =>
    works.during(work, (report) =>
      prepareSource(source, library, ({ message, share }) => report(message, share))
    ),
  inspect: ({ path }) => inspectPath(path),
  recognize: ({ path }) => sourceAt(path),
  ...answerAboutSources((event) => announce(event)),
  describeModel: async ({ experiment, data }) =>
    (await models()).describeModel(experiment.model.layers, preparedShape(experiment, data)),
  export: ({ work, ...order }) => works.during(work, (report) => exportModel(order, report)),
  async importModel({ path, ground: given }) {
    const ground = given && { ...given, featureShape: preparedShape(given.experiment, given.data) }
    return importModel(path, ground, (await models()).describeLayer)
  },
  inspectModel: async ({ path }) => inspectModel(path, (await models()).describeLayer),
  readSamples: ({ path, limit, ...form }) => readSamples(path, form, limit),
  cancel: ({ work }) => works.cancel(work)
}

const wire = parentWire()
const { announce } = serve<WorkerRequests, WorkerEvent>(wire, workerRequests, handlers)
void wire.closed.then(() => process.exit(0))
endWithBugs()
