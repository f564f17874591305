import { join } from 'node:path'
import type { Finding } from '#contract/health'
import { MEASURES_FILE, MEASURES_TAIL_FILE } from '#contract/measures'
import { STEPS_FILE, STEPS_TAIL_FILE } from '#contract/run'
import { openDiagnosis } from '../health/diagnose'
import { replay } from '../health/replay'
import { subjectOf } from '../health/subject'
import { openRows } from '../storage/rows'
import { lastOf } from './history'
import { readEvents, readExperiment, type RunPlace } from './library'

/** Judges what is stored of a run, as it was judged while the run went on. Nothing is found in what never began. */
export async function diagnoseStored({ folder }: RunPlace): Promise<{ findings: Finding[]; steps: number }> {
  const [events, experiment] = [await readEvents(folder), await readExperiment(folder)]
  const started = lastOf(events, 'started')
  if (!started?.facts) return { findings: [], steps: 0 }
  const { model, layers, measured = [], facts } = started
  const diagnosis = openDiagnosis(subjectOf(experiment, model, { layers, measured }, facts))
  const steps = await openRows(stepFiles(folder))
  const measures = await openRows(measureFiles(folder))
  try {
    const epochs = events.filter((event) => event.type === 'epoch')
    await replay(diagnosis, { steps, measures, epochs }, steps.last)
  } finally {
    await Promise.all([steps.close(), measures.close()])
  }
  return { findings: [...diagnosis.findings], steps: steps.last }
}

/** Whoever only reads rows need not know which columns hold bits. */
const stepFiles = (folder: string) => ({
  chunks: join(folder, STEPS_FILE),
  tail: join(folder, STEPS_TAIL_FILE),
  bits: []
})
const measureFiles = (folder: string) => ({
  chunks: join(folder, MEASURES_FILE),
  tail: join(folder, MEASURES_TAIL_FILE),
  bits: []
})
