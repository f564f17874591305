import { resolve } from 'node:path'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { positiveInteger } from '../positive-integer'
import { readStudy } from '../study-file'
import { meansOf, studyTable } from '../study-table'
import { reasonOf } from '../watch-run'
import { watchWork } from '../watch-work'

/** Name under which the one study of this program is asked for. */
const WORK = 'compare'

/**
 * `compare <experiment.json | PRESET | study.json | STUDY>...`: trains every cell with every seed and prints one table.
 * Several experiments are the cells of one axis.
 */
export const compare: RunCommand = async (command, context) => {
  const { world, output, call, on } = context
  const { seeds, out } = command.options
  const count = seeds === undefined ? undefined : positiveInteger('--seeds', seeds)
  const study = await readStudy(command.taken, context)
  let reason: Error | undefined
  watchWork(context, WORK)
  on((event) => {
    if (event.type === 'run.failed') reason = reasonOf(output, event)
    if (event.type !== 'study.run') return
    const { labels, run, done, of } = event
    output.json('run', { labels, ...run, done, of })
  })
  const result = await call('study.run', {
    study,
    work: WORK,
    ...(count !== undefined && { seeds: count }),
    ...(out !== undefined && { out: resolve(world.folder, out) })
  }).catch((error: unknown) => {
    throw reason ?? error
  })
  studyTable(output, result).forEach(output.tell)
  output.json('summary', {
    ...result,
    cells: result.cells.map((cell) => ({ ...cell, means: meansOf(cell) }))
  })
  return ExitCode.done
}
