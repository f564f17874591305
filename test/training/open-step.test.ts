import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { startEngine } from '../../src-main/engine/backends'
import { nativeBackend } from '../../src-main/engine/native'
import { buildChain } from '../../src-main/gradients/chain'
import { buildModel } from '../../src-main/models/build'
import { lossOf } from '../../src-main/models/losses'
import { feedOf } from '../../src-main/training/feed'
import { openStep } from '../../src-main/training/open-step'
import { prepareTensors } from '../../src-main/training/prepare-tensors'
import { runEagerly, tensorsOf, writeStep, type Step, type StepProgram } from '../../src-main/training/step'

beforeAll(async () => void (await startEngine('native-cpu')))

const SHAPE = [12, 12, 1]
const plan = {
  version: 1 as const,
  sampleShape: SHAPE,
  shape: SHAPE,
  features: [{ use: 'affine' as const, subtract: [0.5], multiply: [2] }],
  cleaned: []
}
const random = (salt: number) => (index: number) => ((index * 7919 + salt * 104729) % 997) / 997

/** A convolutional network with everything that keeps state or draws numbers. */
const everything: ExperimentInput['model']['layers'] = [
  { use: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu' },
  { use: 'batchNormalization' },
  { use: 'maxPooling2d' },
  { use: 'flatten' },
  { use: 'residual', layers: [{ use: 'dense', units: 100, activation: 'tanh' }] },
  { use: 'dropout', rate: 0.3 },
  { use: 'dense', units: 3 }
]

function rig(
  open: (program: StepProgram) => (state: Parameters<typeof runEagerly>[2]) => Step,
  layers = everything
) {
  const experiment = parseExperiment({
    version: 1,
    data: { source: { use: 'digits' } },
    model: { layers },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [
      { use: 'clipByGlobalNorm', max: 0.5 },
      { use: 'adam', rate: 0.01 }
    ],
    training: { batchSize: 8, steps: 1 }
  })
  const model = buildModel(experiment.model.layers, SHAPE)
  const chain = buildChain(experiment.gradients, model.parameters)
  const parameters = model.initialParameters(1)
  const program = writeStep(model, lossOf(experiment.loss, true), chain, prepareTensors(plan))
  const step = open(program)({
    parameters,
    layerState: model.initialState(),
    chainState: chain.init(parameters)
  })
  let count = 0
  return {
    step,
    run(size = 8, broken = false) {
      const clock = { step: count, updates: count, epoch: 0, stepsPerEpoch: 1 }
      const scalars = {
        ...chain.scalars(clock, experiment.gradients),
        ...model.scalars(experiment.model.layers)
      }
      count++
      const features = Float32Array.from({ length: size * 144 }, (_, index) => random(count)(index))
      if (broken) features[5] = NaN
      const targets = Int32Array.from({ length: size }, (_, index) => (index + count) % 3)
      return step.run({ count: size, features, targets, seed: [1, count] }, scalars)
    },
    weights: () =>
      Object.entries(tensorsOf(step.state)).map(([name, tensor]) => [name, Array.from(tensor.dataSync())])
  }
}
const compiledRig = () => rig((program) => (state) => openStep(program, feedOf(plan), SHAPE, state))
const eagerRig = () => rig((program) => (state) => runEagerly(program, feedOf(plan), state))

test('compiled and eager steps agree over full and partial batches, and a refused one changes neither', () => {
  const compiled = compiledRig()
  const eager = eagerRig()
  for (const [size, broken] of [
    [8, false],
    [8, false],
    [5, false],
    [8, true],
    [8, false]
  ] as const) {
    const packed = compiled.run(size, broken)
    const expected = eager.run(size, broken)
    expect([packed[0], packed.length]).toEqual([broken ? 0 : 1, expected.length])
    if (!broken)
      packed.forEach((value, index) => {
        // What a classifier does not have, such as a mean error, is NaN in both.
        if (Number.isNaN(expected[index])) expect(value).toBeNaN()
        else expect(Math.abs(value - expected[index])).toBeLessThan(1e-3 * Math.abs(expected[index]) + 1e-5)
      })
  }
  const flat = (weights: unknown[][]): number[] => weights.flatMap(([, values]) => values as number[])
  const [a, b] = [flat(compiled.weights()), flat(eager.weights())]
  const norm = (values: number[]): number => Math.hypot(...values)
  expect(norm(a.map((value, index) => value - b[index])) / norm(b)).toBeLessThan(1e-4)
  expect((compiled.step as ReturnType<typeof openStep>).compiled).toBe(true)
  compiled.step.dispose()
  eager.step.dispose()
})

test('a bias before a batch normalization, whose gradient is rounding noise, leaves a step compiled', () => {
  const { step, run } = rig(
    (program) => (state) => openStep(program, feedOf(plan), SHAPE, state),
    [
      { use: 'conv2d', filters: 8, kernelSize: 3 },
      { use: 'batchNormalization' },
      { use: 'activation', activation: 'relu' },
      { use: 'flatten' },
      { use: 'dense', units: 3 }
    ]
  )
  for (let count = 0; count < 3; count++) run()
  expect((step as ReturnType<typeof openStep>).reason).toBeUndefined()
  step.dispose()
})

test('two compiled runs give the same bytes, and compiled steps leave no tensor behind', () => {
  const runs = [compiledRig(), compiledRig()]
  for (const each of runs) each.run()
  const before = tf.memory().numTensors
  for (let count = 0; count < 20; count++) for (const each of runs) each.run()
  expect(tf.memory().numTensors).toBe(before)
  expect(runs[0].weights()).toEqual(runs[1].weights())
  for (const { step } of runs) step.dispose()
})

/** A number that TensorFlow computes eagerly, but whose operation lacks attributes that a graph must have. */
const withoutAttributes = (x: tf.Tensor): tf.Tensor =>
  tf.tidy(() =>
    tf.sum(nativeBackend().executeSingleOutput('ExpandDims', [], [x, tf.scalar(0, 'int32')]) as tf.Tensor)
  )

test.each([
  ['reads numbers', 'training.eager.read', (x: tf.Tensor) => void x.dataSync()],
  [
    'holds what no graph may hold',
    'training.eager.refused',
    (x: tf.Tensor, packed: tf.Tensor1D) => tf.add(packed, tf.mul(withoutAttributes(x), 0)) as tf.Tensor1D
  ]
])('a step that %s runs kernel after kernel from the same state, and says why', (_, key, spoil) => {
  const spoiled = rig(
    (program) => (state) =>
      openStep(
        (...given) => {
          const result = program(...given)
          return { ...result, packed: spoil(given[1].features, result.packed) ?? result.packed }
        },
        feedOf(plan),
        SHAPE,
        state
      )
  )
  const eager = eagerRig()
  expect(spoiled.run()).toEqual(eager.run())
  expect(spoiled.run()).toEqual(eager.run())
  expect(spoiled.weights()).toEqual(eager.weights())
  const step = spoiled.step as ReturnType<typeof openStep>
  expect([step.compiled, step.reason?.key]).toEqual([false, key])
  spoiled.step.dispose()
  eager.step.dispose()
})
