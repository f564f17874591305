import { resolve } from 'node:path'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { tellModel } from '../model-lines'

/** `inspect PATH`: what a model of another program, a data file, or a folder with a known layout, holds. */
export const inspect: RunCommand = async ({ taken: [given] }, { world, output, call }) => {
  const { say, tell } = output
  const path = resolve(world.folder, given)
  const model = await call('model.inspect', { path })
  if (model) {
    tellModel(output, model)
    output.json('summary', model)
    return ExitCode.done
  }
  const summary = await call('data.inspect', { path })
  const { name, counts, featureShape, featureType, range, classes, targetSize, findings } = summary
  tell(say('terminal.inspected', { name, train: counts.train, test: counts.test }))
  tell(
    say('terminal.inspected.features', {
      shape: featureShape.join(' × '),
      type: featureType,
      smallest: range[0],
      largest: range[1]
    })
  )
  if (classes) tell(say('terminal.inspected.classes', { count: classes.length, names: classes.join(', ') }))
  if (targetSize !== undefined) tell(say('terminal.inspected.targets', { size: targetSize }))
  for (const { severity, message } of findings)
    tell(say(`terminal.finding.${severity}`, { message: say(message.key, message.values) }))
  output.json('summary', summary)
  return ExitCode.done
}
