import { beforeAll, describe, expect, test, type TestContext } from 'vitest'
import { activations, initializers, layers, losses } from '#contract/vocabulary'
import { startEngine } from '../../src-main/engine/backends'
import { relativeError } from '../oracles/closeness'
import { answer, askKeras, type Answer } from './answers'
import { askFirst, askLayer, askLoss, askNoise, type Question } from './questions'
import { firstRows, layerRows, lossRows, noiseRows, type LayerRow } from './rows'

declare module 'vitest' {
  interface TaskMeta {
    /** Largest difference from Keras, as a share of the largest magnitude or of the standard deviation. */
    difference?: number
  }
}

const TOLERANCE = 1e-4
/** 100,000 numbers have their mean and their deviation to about 0.003. */
const NOISE_TOLERANCE = 0.02
/** Ten thousand numbers have their quantiles to about 0.04 standard deviations. */
const QUANTILE_TOLERANCE = 0.1
const DEVIATION_TOLERANCE = 0.03
const QUANTILES = [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98]

const titleOf = ({ layer, input }: LayerRow): string => `${JSON.stringify(layer)} of [${input.join(', ')}]`
const rows: { title: string; question: Question }[] = [
  ...layerRows.map((row) => ({ title: titleOf(row), question: askLayer(row) })),
  ...noiseRows.map((row) => ({ title: titleOf(row), question: askNoise(row) })),
  ...firstRows.map((row) => ({ title: `first values of ${titleOf(row)}`, question: askFirst(row) })),
  ...lossRows.map((row) => ({ title: JSON.stringify(row), question: askLoss(row) }))
]

let theirs: ReturnType<typeof askKeras>
beforeAll(async () => {
  await startEngine('native-cpu')
  theirs = askKeras(rows.map(({ question }) => question))
})

describe('as in Keras:', () => {
  test.for(rows.map(({ title, question }, index) => [title, question, index] as const))(
    '%s',
    ([, question, index], context) => {
      const expected = theirs[index]
      if (isError(expected)) throw new Error(expected.error)
      const found = answer(question)
      expect(shapesOf(found)).toEqual(shapesOf(expected))
      compare(question.kind, found, expected, context)
    }
  )
})

const isError = (answer: Answer | { error: string }): answer is { error: string } =>
  typeof answer.error === 'string'

const shapesOf = (answer: Answer): Record<string, number[]> =>
  Object.fromEntries(Object.entries(answer).map(([name, { shape }]) => [name, shape]))

function compare(kind: Question['kind'], found: Answer, expected: Answer, { task }: TestContext): void {
  const measured = Object.entries(expected).map(([name, { values }]) => {
    const own = found[name].values
    if (kind === 'first') return { name, ...compareDistributions(own, values) }
    const limit = kind === 'noise' && name === 'training' ? NOISE_TOLERANCE : TOLERANCE
    return { name, difference: relativeError(own, values), limit }
  })
  task.meta.difference = Math.max(...measured.map(({ difference }) => difference))
  // Not below, so that what is no number is told too.
  const wrong = measured.filter(({ difference, limit }) => !(difference <= limit))
  expect(wrong.map(({ name, difference }) => `${name}: ${difference}`)).toEqual([])
}

/** Values that are not drawn must be the same; of others, deviation and quantiles must be. */
function compareDistributions(found: number[], expected: number[]): { difference: number; limit: number } {
  if (new Set(expected).size <= 2) return { difference: relativeError(found, expected), limit: 0 }
  const deviation = deviationOf(expected)
  const byDeviation = Math.abs(deviationOf(found) / deviation - 1)
  if (byDeviation > DEVIATION_TOLERANCE) return { difference: byDeviation, limit: DEVIATION_TOLERANCE }
  const [a, b] = [found, expected].map((values) => [...values].sort((one, other) => one - other))
  const differences = QUANTILES.map((share) => {
    const at = Math.floor(share * a.length)
    return Math.abs(a[at] - b[at]) / deviation
  })
  return { difference: Math.max(...differences), limit: QUANTILE_TOLERANCE }
}

function deviationOf(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

describe('nothing is left out:', () => {
  const wordsOf = (rows: { layer: object }[]): string[] =>
    rows.flatMap(({ layer }) => [...JSON.stringify(layer).matchAll(/"use":"(\w+)"/g)].map(([, word]) => word))
  const compared = wordsOf([...layerRows, ...noiseRows])

  test.each([
    ['layer', Object.keys(layers), compared],
    ['activation', activations, layerRows.flatMap(({ layer }) => layer.activation as string)],
    ['initializer', Object.keys(initializers), wordsOf(firstRows)],
    ['loss', Object.keys(losses), lossRows.map(({ loss }) => loss.use)]
  ])('every %s of the vocabulary is compared', (_, vocabulary, words) => {
    expect(vocabulary.filter((word) => !words.includes(word))).toEqual([])
  })
})
