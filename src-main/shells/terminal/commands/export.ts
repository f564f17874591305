import { resolve } from 'node:path'
import { nearest } from '#contract/nearest'
import { Failure } from '#contract/failure'
import { exportFormat } from '#contract/worker'
import { requireOption } from '../arguments'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { findRun } from '../run-reference'

/** `export RUN --format F --out PATH`: writes a stored model for other programs, and says how well it agrees. */
export const exportModel: RunCommand = async (command, context) => {
  const { world, output, call } = context
  const word = requireOption(command, 'format')
  const format = exportFormat.options.find((known) => known === word)
  if (!format) {
    const known = exportFormat.options
    throw new Failure('terminal.unknownFormat', {
      format: word,
      nearest: nearest(word, [...known]),
      known: known.join(', ')
    })
  }
  const path = resolve(world.folder, requireOption(command, 'out'))
  const run = await findRun(command.taken[0], context)
  const report = await call('run.export', { run, format, path, overwrite: command.flags.has('overwrite') })
  const { samples, largestDifference: difference } = report
  output.tell(
    output.say('terminal.exported', { path: report.path, kilobytes: Math.ceil(report.bytes / 1000) })
  )
  output.tell(output.say('terminal.exported.compared', { samples, difference }))
  output.json('summary', { run, ...report })
  return ExitCode.done
}
