import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { startEngine } from '../../src-main/engine/backends'
import { borrowBinding } from '../../src-main/engine/compile/binding'
import { nativeBackend } from '../../src-main/engine/native'
import { buildChain } from '../../src-main/gradients/chain'
import { buildModel } from '../../src-main/models/build'
import { lossOf } from '../../src-main/models/losses'
import { evidenceIn } from '../../src-main/training/measurements'
import { prepareTensors } from '../../src-main/training/prepare-tensors'
import { writePrograms, type ProgramFunctions } from '../../src-main/training/program-functions'
import { openPrograms, type Expected } from '../../src-main/training/programs'
import { copyOf, tensorsOf } from '../../src-main/training/step'

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

interface RigOptions {
  layers?: typeof everything
  loss?: ExperimentInput['loss']
  classes?: string[]
  maxUpdateRatio?: number
  spoil?: (functions: ProgramFunctions) => ProgramFunctions
  mayCompile?: boolean
  expected?: () => Expected[]
}

function rig({
  layers = everything,
  loss = { use: 'softmaxCrossEntropy' },
  classes = ['a', 'b', 'c'],
  maxUpdateRatio,
  spoil = (functions) => functions,
  ...how
}: RigOptions = {}) {
  const experiment = parseExperiment({
    version: 1,
    data: { source: { use: 'digits' } },
    model: { layers },
    loss,
    gradients: [
      { use: 'clipByGlobalNorm', max: 0.5 },
      { use: 'adam', rate: 0.01 }
    ],
    training: { batchSize: 8, steps: 1 }
  })
  const model = buildModel(experiment.model.layers, SHAPE)
  const chain = buildChain(experiment.gradients, model.parameters)
  const parameters = model.initialParameters(1)
  const task = {
    model,
    loss: lossOf(experiment.loss, true),
    prepare: prepareTensors(plan),
    classes,
    maxUpdateRatio
  }
  const programs = openPrograms({
    functions: spoil(writePrograms(task, chain)),
    sampleShape: SHAPE,
    state: { parameters, layerState: model.initialState(), chainState: chain.init(parameters) },
    ...how
  })
  let count = 0
  return {
    programs,
    names: model.parameters.map(({ name }) => name),
    batch(size = 8, broken = false) {
      const clock = { step: count, updates: count, epoch: 0, stepsPerEpoch: 1 }
      const scalars = {
        ...chain.scalars(clock, experiment.gradients),
        ...model.scalars(experiment.model.layers)
      }
      count++
      const features = Float32Array.from({ length: size * 144 }, (_, index) => random(count)(index))
      if (broken) features[5] = NaN
      const targets = Int32Array.from({ length: size }, (_, index) => (index + count) % 3)
      return [{ count: size, features, targets, seed: [1, count] as const }, scalars] as const
    },
    run(size = 8, broken = false) {
      return programs.train(...this.batch(size, broken))
    },
    weights: () =>
      Object.entries(tensorsOf(programs.state)).map(([name, tensor]) => [name, Array.from(tensor.dataSync())])
  }
}
const eagerRig = () => rig({ mayCompile: false })

test('compiled and eager steps agree over full and partial batches, and a refused one changes neither', () => {
  const compiled = rig()
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
  expect(compiled.programs.isCompiled('train')).toBe(true)
  compiled.programs.dispose()
  eager.programs.dispose()
})

test('a bias before a batch normalization, whose gradient is rounding noise, leaves a step compiled', () => {
  const each = rig({
    layers: [
      { use: 'conv2d', filters: 8, kernelSize: 3 },
      { use: 'batchNormalization' },
      { use: 'activation', activation: 'relu' },
      { use: 'flatten' },
      { use: 'dense', units: 3 }
    ]
  })
  for (let count = 0; count < 3; count++) each.run()
  expect(each.programs.reasons).toEqual({})
  each.programs.dispose()
})

test('a softmax of one unit, whose output is 1 or the number below by rounding, leaves all programs compiled', () => {
  const each = rig({
    layers: [
      { use: 'flatten' },
      { use: 'dense', units: 6, activation: 'tanh' },
      { use: 'dense', units: 1, activation: 'softmax' }
    ],
    loss: { use: 'binaryCrossEntropy' },
    classes: ['a', 'b']
  })
  const [batch, scalars] = each.batch()
  batch.targets.forEach((target, index) => (batch.targets[index] = target % 2))
  each.programs.measure(batch, scalars)
  tf.dispose(each.programs.gradients(batch, scalars).gradients)
  each.programs.train(batch, scalars)
  expect(each.programs.reasons).toEqual({})
  each.programs.dispose()
})

test('a step that limits how far layers move is compiled, and moves as it does kernel after kernel', () => {
  const limited = rig({ maxUpdateRatio: 0.5 })
  const eager = rig({ maxUpdateRatio: 0.5, mayCompile: false })
  const [found, expected] = [limited.run(), eager.run()]
  expect(found.length).toBe(expected.length)
  expect(found[0]).toBe(expected[0])
  expect(limited.programs.reasons).toEqual({})
  limited.programs.dispose()
  eager.programs.dispose()
})

test('two compiled runs give the same bytes, and compiled steps leave no tensor behind', () => {
  const runs = [rig(), rig()]
  for (const each of runs) each.run()
  const before = tf.memory().numTensors
  for (let count = 0; count < 20; count++) for (const each of runs) each.run()
  expect(tf.memory().numTensors).toBe(before)
  expect(runs[0].weights()).toEqual(runs[1].weights())
  for (const { programs } of runs) programs.dispose()
})

/** A number that TensorFlow computes eagerly, but whose operation lacks attributes that a graph must have. */
const withoutAttributes = (x: tf.Tensor): tf.Tensor =>
  tf.tidy(() =>
    tf.sum(nativeBackend().executeSingleOutput('ExpandDims', [], [x, tf.scalar(0, 'int32')]) as tf.Tensor)
  )

test.each([
  ['reads numbers', 'training.eager.train.read', (x: tf.Tensor, packed: tf.Tensor) => (x.dataSync(), packed)],
  [
    'holds what no graph may hold',
    'training.eager.train.refused',
    (x: tf.Tensor, packed: tf.Tensor) => tf.add(packed, tf.mul(withoutAttributes(x), 0))
  ]
])('a step that %s runs kernel after kernel from the same state, and says why', (_, key, change) => {
  const spoiled = rig({
    spoil: ({ train, ...others }) => ({
      ...others,
      train: (state, fed) => {
        const result = (train as NonNullable<typeof train>)(state, fed)
        return { ...result, outputs: [change(fed.features, result.outputs[0])] }
      }
    })
  })
  const eager = eagerRig()
  expect(spoiled.run()).toEqual(eager.run())
  expect(spoiled.run()).toEqual(eager.run())
  expect(spoiled.weights()).toEqual(eager.weights())
  const { programs } = spoiled
  expect([programs.isCompiled('train'), programs.reasons.train?.key]).toEqual([false, key])
  programs.dispose()
  eager.programs.dispose()
})

test('a step that cannot be compiled leaves the other programs compiled, over the same weights', () => {
  const spoiled = rig({
    spoil: ({ train, ...others }) => ({
      ...others,
      train: (state, fed) => {
        fed.features.dataSync()
        return (train as NonNullable<typeof train>)(state, fed)
      }
    })
  })
  const eager = eagerRig()
  const before = tf.memory().numTensors
  for (let count = 0; count < 3; count++) {
    expect(spoiled.run()).toEqual(eager.run())
    const [batch] = spoiled.batch()
    eager.batch()
    const found = spoiled.programs.evaluate(batch, true)
    const expected = eager.programs.evaluate(batch, true)
    expect(found.loss).toBeCloseTo(expected.loss, 5)
    found.outputs.forEach((value, index) => expect(value).toBeCloseTo(expected.outputs[index], 4))
  }
  expect(tf.memory().numTensors).toBe(before)
  expect(Object.keys(spoiled.programs.reasons)).toEqual(['train'])
  expect(spoiled.programs.isCompiled('evaluate')).toBe(true)
  spoiled.programs.dispose()
  eager.programs.dispose()
})

test('gradients are those that the step goes by, compiled as well as eager, and change nothing', () => {
  const compiled = rig()
  const eager = eagerRig()
  for (let count = 0; count < 2; count++) {
    const next = compiled.batch()
    eager.batch()
    const [found, expected] = [compiled, eager].map(({ programs, weights }) => {
      const before = weights()
      const gradients = programs.gradients(...next)
      expect(weights()).toEqual(before)
      return gradients
    })
    expect(found.loss).toBeCloseTo(expected.loss, 5)
    for (const [name, { scale, rest }] of Object.entries(found.norms)) {
      const [own, other] = [found, expected].map(({ gradients }) => gradients[name].dataSync())
      expect(Math.hypot(...own) / (scale * rest)).toBeCloseTo(1, 4)
      own.forEach((value, index) => expect(Math.abs(value - other[index])).toBeLessThan(1e-5 + 1e-3 * scale))
    }
    const packed = [compiled, eager].map(({ programs }) => programs.train(...next))
    const step = evidenceIn(packed[0], Object.keys(found.norms).length)
    expect(step.loss).toBeCloseTo(found.loss, 5)
    step.before.forEach(({ scale, rest }, index) => {
      const norm = found.norms[compiled.names[index]]
      expect(scale * rest).toBeCloseTo(norm.scale * norm.rest, 4)
    })
    tf.dispose([found.gradients, expected.gradients])
  }
  expect(compiled.programs.reasons).toEqual({})
  compiled.programs.dispose()
  eager.programs.dispose()
})

test('the first step waits for itself alone; all that is expected is taken in with the first of it, and gives the same', () => {
  const backend = nativeBackend()
  const plain = backend.binding
  const borrowed = borrowBinding(plain)
  let loads = 0
  borrowed.loadSavedModel = (...place) => {
    loads++
    return plain.loadSavedModel(...place)
  }
  const late = rig()
  const [batch, scalars] = late.batch(5)
  const early = rig({
    expected: () => [
      { kind: 'train', batch, scalars },
      { kind: 'evaluate', batch }
    ]
  })
  early.batch()
  // Programs keep the binding that they begin with.
  backend.binding = borrowed
  const found = [early.run()]
  backend.binding = plain
  expect(loads).toBe(1)
  found.push(early.run(5))
  expect(loads).toBe(2)
  const evaluated = early.programs.evaluate(batch, true)
  expect(loads).toBe(2)
  expect(found).toEqual([late.run(), late.run(5)])
  expect(late.programs.evaluate(batch, true)).toEqual(evaluated)
  expect(early.weights()).toEqual(late.weights())
  late.programs.dispose()
  early.programs.dispose()
})

test('a step that was traced with the measurement before it has not happened until it is trained', () => {
  const [early, late] = [rig(), rig()]
  const first = early.batch()
  const before = early.weights()
  const measured = early.programs.measure(...first, first[0])
  expect(early.weights()).toEqual(before)
  expect(late.programs.measure(...first)).toEqual(measured)
  for (const each of [early, late]) each.programs.train(...first)
  expect(early.weights()).toEqual(late.weights())
  expect(early.programs.reasons).toEqual({})
  late.programs.dispose()
  early.programs.dispose()
})

test.each(['another batch', 'other weights', 'its gradients', 'nothing'])(
  'a step that was traced before its time and is followed by %s leaves nothing behind',
  (what) => {
    const count = tf.memory().numTensors
    const [early, late] = [rig(), rig()]
    const first = early.batch()
    const [, scalars] = late.batch()
    const other = early.batch()
    late.batch()
    early.programs.measure(...first, first[0])
    if (what === 'other weights') early.programs.replace(copyOf(late.programs.state))
    if (what === 'its gradients') {
      const [found, expected] = [early, late].map(({ programs }) => programs.gradients(...first))
      expect(found.norms).toEqual(expected.norms)
      tf.dispose([found.gradients, expected.gradients])
    }
    const next = what === 'another batch' ? other : first
    if (what !== 'nothing') {
      for (const { programs } of [early, late]) expect(programs.train(next[0], scalars)[0]).toBe(1)
      expect(early.weights()).toEqual(late.weights())
    }
    early.programs.dispose()
    late.programs.dispose()
    expect(tf.memory().numTensors).toBe(count)
  }
)
