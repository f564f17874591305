import type { ForeignModel } from '#contract/import'
import type { Output } from './output'
import { shortened, tableLines } from './width'

/** Columns of the terminal for a layer's name. */
const NAME_WIDTH = 32

/** What a model file holds, for people: a table of its layers, what cannot be represented, what is changed. */
export function tellModel({ say, tell }: Output, model: ForeignModel): void {
  const { path, madeBy, layers, inputShape, parameters, notes } = model
  tell(say('terminal.model', { path, madeBy: madeBy ?? model.format, layers: layers.length, parameters }))
  if (inputShape) tell(say('terminal.model.input', { shape: showShape(inputShape) }))
  const head = (['layer', 'class', 'use', 'output', 'parameters'] as const).map((column) =>
    say(`terminal.model.${column}`)
  )
  const rows = layers.map(({ name, className, use, outputShape, parameters }) => [
    shortened(name, NAME_WIDTH),
    className,
    use ?? '–',
    outputShape ? showShape(outputShape) : '?',
    String(parameters)
  ])
  tableLines([head, ...rows]).forEach(tell)
  for (const { problem } of layers)
    if (problem) tell(say('terminal.model.problem', { problem: say(problem.key, problem.values) }))
  for (const { key, values } of notes) tell(say('terminal.imported.note', { note: say(key, values) }))
}

const showShape = (shape: readonly number[]): string => shape.join(' × ')
