import type { Control, Option, WordControl } from './control'
import { refuse } from './refuse'

/** First values that are worth starting from, by option, or by word and option. */
const starts: Record<string, unknown> = {
  units: 64,
  filters: 32,
  kernelSize: 3,
  rate: 0.001,
  'dropout.rate': 0.5,
  'sgd.rate': 0.01,
  'momentum.rate': 0.01,
  'nesterov.rate': 0.01,
  'adagrad.rate': 0.01,
  'lars.rate': 1,
  max: 1,
  by: 1 / 255,
  over: 5,
  validation: 0.1,
  'dense.activation': 'relu',
  'conv1d.activation': 'relu',
  'conv2d.activation': 'relu',
  'depthwiseConv2d.activation': 'relu',
  'separableConv2d.activation': 'relu',
  'gaussianNoise.stddev': 0.1,
  'embedding.inputs': 256,
  'embedding.units': 16,
  'activation.activation': 'relu',
  // Fits whatever it gets, images or rows of numbers.
  'residual.layers': [{ use: 'batchNormalization' }, { use: 'activation', activation: 'relu' }],
  'dropRareClasses.fewerThan': 10,
  'resize.height': 28,
  'resize.width': 28,
  'brightness.by': 25,
  'scaleBatch.every': 50,
  'scaleBatch.by': 1000,
  'permuteLabels.share': 0.1,
  'weightNormalization.layer': { use: 'dense', units: 64, activation: 'relu' }
}

/**
 * The first values of a new word or record: every option that it needs, and those that are worth having. `hints` are
 * better ones by option, where the page knows more.
 */
export function startOf(
  use: string | undefined,
  options: readonly Option[],
  hints: Record<string, unknown> = {}
): Record<string, unknown> {
  const values = options.flatMap((option): [string, unknown][] => {
    const known = hints[option.name] ?? starts[`${use}.${option.name}`] ?? starts[option.name]
    const isNeeded = !option.optional && option.initial === undefined
    const isWorthIt = hints[option.name] !== undefined || starts[`${use}.${option.name}`] !== undefined
    if (!isNeeded && !isWorthIt) return []
    return [
      [option.name, known !== undefined && option.accepts(known) ? known : firstOf(option.control, hints)]
    ]
  })
  return { ...(use !== undefined && { use }), ...Object.fromEntries(values) }
}

/** Another word in the place of one, with those of its values that mean something there too. */
export function exchange(
  before: unknown,
  use: string,
  { words }: WordControl,
  hints: Record<string, unknown>
): Record<string, unknown> {
  const kept = typeof before === 'object' && before !== null ? (before as Record<string, unknown>) : {}
  const fits = words[use].filter(
    (option) => kept[option.name] !== undefined && !refuse(option, kept[option.name])
  )
  return {
    ...startOf(use, words[use], hints),
    ...Object.fromEntries(fits.map(({ name }) => [name, kept[name]]))
  }
}

function firstOf(control: Control, hints: Record<string, unknown>): unknown {
  switch (control.kind) {
    case 'number': {
      const { min, max, above, below, whole } = control
      const lowest = min ?? above ?? 0
      const highest = max ?? below ?? lowest + 2
      return whole ? (min ?? 1) : Math.min((lowest + highest) / 2, lowest + 1)
    }
    case 'pair':
      return firstOf(control.each, hints)
    case 'list':
      return [firstOf(control.each, hints)]
    case 'choice':
      return control.areNumbers ? Number(control.values[0]) : control.values[0]
    case 'switch':
      return false
    case 'text':
      return ''
    case 'texts':
      return []
    case 'word': {
      if (control.number) return firstOf(control.number, hints)
      const [use, options] = Object.entries(control.words)[0]
      return startOf(use, options, hints)
    }
    case 'record':
      return startOf(undefined, control.options, hints)
    case 'words':
      return []
    case 'either':
      return control.values[0]
    case 'json':
      return ''
  }
}
