import { expect, test } from 'vitest'
import { parseExperiment, type Experiment } from '#contract/experiment'
import type { LayerOf } from '#contract/vocabulary'
import { measuredMultiplier, theoreticalMultiplier } from '../../src-main/health/cell-theory'
import { structureOf } from '../../src-main/health/structure'
import { buildModel } from '../../src-main/models/build'

const experimentOf = (
  hidden: (Partial<LayerOf<'dense'>> | LayerOf<'dropout'>)[],
  changed: object = {}
): Experiment =>
  parseExperiment({
    version: 1,
    data: { source: { use: 'digits' } },
    model: {
      layers: [
        { use: 'flatten' },
        ...hidden.map((layer) =>
          layer.use === 'dropout' ? layer : { use: 'dense', units: 100, activation: 'relu', ...layer }
        ),
        { use: 'dense', units: 10 }
      ],
      ...changed
    },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'sgd', rate: 0.1 }],
    training: { batchSize: 32, steps: 3 }
  })
const theoryOf = (experiment: Experiment): number | undefined => {
  const { summary, layers } = buildModel(experiment.model.layers, [28, 28, 1])
  return theoreticalMultiplier(experiment, structureOf(experiment.model.layers, summary.layers, layers))
}

test('the theory of a dense net is that of its activation and the gain of its hidden layers', () => {
  const normal = { initializer: { use: 'randomNormal', mean: 0, stddev: 1 } } as const
  expect(theoryOf(experimentOf([normal, normal, normal]))).toBeCloseTo(10 / Math.SQRT2, 6)
  expect(theoryOf(experimentOf([{}, {}]))).toBeCloseTo(Math.SQRT1_2, 6)
})

test('what stands in front of the first hidden layer does not matter to it', () => {
  expect(theoryOf(experimentOf([{ activation: 'tanh', units: 7 }, {}, {}]))).toBeCloseTo(Math.SQRT1_2, 6)
})

test('theory says nothing of one hidden layer, of different ones, of another kind, or of weights from elsewhere', () => {
  expect(theoryOf(experimentOf([{}]))).toBeUndefined()
  expect(theoryOf(experimentOf([{}, {}, { activation: 'tanh' }]))).toBeUndefined()
  expect(theoryOf(experimentOf([{}, { use: 'dropout', rate: 0.5 }, {}]))).toBeUndefined()
  expect(theoryOf(experimentOf([{}, {}], { initialize: { use: 'lsuv' } }))).toBeUndefined()
})

test('the measured multiplier is the geometric mean of what each hidden layer does', () => {
  expect(measuredMultiplier([1, 2, 16])).toBeCloseTo(0.25, 12)
  expect(measuredMultiplier([1e-30, 1e-10])).toBeCloseTo(1e-20, 30)
})

test('pairs that are not finite or zero are left out of it; without any other it is not a number', () => {
  expect(measuredMultiplier([NaN, 2, 1])).toBeCloseTo(2, 12)
  expect(measuredMultiplier([0, 2, 1])).toBeCloseTo(2, 12)
  expect(measuredMultiplier([NaN, NaN])).toBeNaN()
  expect(measuredMultiplier([1])).toBeUndefined()
})
