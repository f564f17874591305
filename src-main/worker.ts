import { serve, type Handlers } from '#contract/wire'
import { workerRequests, type WorkerEvent, type WorkerRequests } from '#contract/worker'
import { openWorks } from '#contract/work'
import { inspectPath, sourceAt } from './datasets/inspect-path'
import { preparedShape } from './datasets/preparation'
import { prepareSource } from './datasets/prepare'
import { readSamples } from './datasets/samples'
import { answerAboutSources } from './datasets/source-questions'
import { exportModel } from './exporters/export-model'
import { endWithBugs, parentWire } from './shells/node/parent-wire'

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
  async describeModel({ experiment, data }) {
    const { describeModel } = await import('./models/inspect')
    return describeModel(experiment.model.layers, preparedShape(experiment, data))
  },
  export: ({ work, ...order }) => works.during(work, (report) => exportModel(order, report)),
  readSamples: ({ path, shape, limit }) => readSamples(path, shape, limit),
  cancel: ({ work }) => works.cancel(work)
}

const wire = parentWire()
const { announce } = serve<WorkerRequests, WorkerEvent>(wire, workerRequests, handlers)
void wire.closed.then(() => process.exit(0))
endWithBugs()
