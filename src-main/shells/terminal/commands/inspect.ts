import { resolve } from 'node:path'
import type { DataColumn } from '#contract/dataset'
import type { RunCommand } from '../context'
import { ExitCode } from '../exit-codes'
import { tellModel } from '../model-lines'
import type { Output } from '../output'

/** Lists of columns, categories and classes are cut to this length; the whole is in the JSON. */
const LISTED = 50

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
  const { name, counts, featureShape, featureType, range, columns, target, classes, targetSize, findings } =
    summary
  tell(say('terminal.inspected', { name, train: counts.train, test: counts.test }))
  tell(
    say('terminal.inspected.features', {
      shape: featureShape.join(' × '),
      type: featureType,
      smallest: range[0],
      largest: range[1]
    })
  )
  if (columns) tellColumns(columns, output)
  if (target !== undefined) tell(say('terminal.inspected.target', { name: target }))
  if (classes)
    tell(say('terminal.inspected.classes', { count: classes.length, names: cut(classes).join(', ') }))
  if (targetSize !== undefined) tell(say('terminal.inspected.targets', { size: targetSize }))
  for (const { severity, message } of findings)
    tell(say(`terminal.finding.${severity}`, { message: say(message.key, message.values) }))
  output.json('summary', summary)
  return ExitCode.done
}

function tellColumns(columns: readonly DataColumn[], { say, tell }: Output): void {
  tell(say('terminal.inspected.columns', { count: columns.length }))
  for (const { name, missing, categories, range } of columns.slice(0, LISTED)) {
    if (categories) {
      const values = { name, missing, count: categories.length, names: cut(categories).join(', ') }
      tell(say('terminal.inspected.category', values))
    } else {
      const [smallest, largest] = range ?? ['–', '–']
      tell(say('terminal.inspected.number', { name, missing, smallest, largest }))
    }
  }
  if (columns.length > LISTED) tell(say('terminal.inspected.moreColumns', { count: columns.length - LISTED }))
}

const cut = (names: readonly string[]): string[] =>
  names.length > LISTED ? [...names.slice(0, LISTED), '…'] : [...names]
