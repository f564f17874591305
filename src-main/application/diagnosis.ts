import { join } from 'node:path'
import type { Finding } from '#contract/health'
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
  const diagnosis = openDiagnosis(subjectOf(experiment, started.model, started.layers, started.facts))
  const rows = await openRows({
    chunks: join(folder, STEPS_FILE),
    tail: join(folder, STEPS_TAIL_FILE),
    bits: []
  })
  try {
    const epochs = events.filter((event) => event.type === 'epoch')
    await replay(diagnosis, rows, epochs, rows.last)
  } finally {
    await rows.close()
  }
  return { findings: [...diagnosis.findings], steps: rows.last }
}
