import type { Finding } from '#contract/health'
import { openDiagnosis } from '../health/diagnose'
import { replay } from '../health/replay'
import { subjectOf } from '../health/subject'
import { openMeasured, openSteps } from '../storage/run-rows'
import { lastOf } from './history'
import { readEvents, readExperiment, type RunPlace } from './library'

/** Judges what is stored of a run, as it was judged while the run went on. Nothing is found in what never began. */
export async function diagnoseStored({ folder }: RunPlace): Promise<{ findings: Finding[]; steps: number }> {
  const [events, experiment] = [await readEvents(folder), await readExperiment(folder)]
  const started = lastOf(events, 'started')
  if (!started?.facts) return { findings: [], steps: 0 }
  const { model, layers, measured = [], facts } = started
  const diagnosis = openDiagnosis(subjectOf(experiment, model, { layers, measured }, facts))
  const steps = await openSteps(folder)
  const measures = await openMeasured(folder)
  try {
    const epochs = events.filter((event) => event.type === 'epoch')
    await replay(diagnosis, { steps, measures, epochs }, steps.last)
  } finally {
    await Promise.all([steps.close(), measures.close()])
  }
  return { findings: [...diagnosis.findings], steps: steps.last }
}
