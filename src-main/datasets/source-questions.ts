import type { Handlers } from '#contract/wire'
import type { WorkerEvent, WorkerRequests } from '#contract/worker'
import { augmentSamples } from './augmented-samples'
import { keepLastSource } from './last-source'
import { planData } from './plan-data'
import { samplePage } from './sample-page'
import { testedSamples } from './tested-samples'

/** Answers what is asked of the samples of a source; the source that was asked last stays in memory. */
export function answerAboutSources(
  announce: (event: WorkerEvent) => void
): Pick<Handlers<WorkerRequests>, 'samples' | 'testedSamples' | 'planData' | 'augment'> {
  const open = keepLastSource(announce)
  return {
    samples: async ({ source, library, ...question }) => samplePage(await open(source, library), question),
    testedSamples: async ({ experiment, library, ...question }) =>
      testedSamples(await open(experiment.data.source, library), experiment, question),
    planData: async ({ experiment, library }) =>
      planData(await open(experiment.data.source, library), experiment),
    augment: async ({ experiment, library, ...question }) =>
      augmentSamples(await open(experiment.data.source, library), experiment, question)
  }
}
