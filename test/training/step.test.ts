import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of all kernels
import { beforeAll, describe, expect, test } from 'vitest'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { columnOf, layerColumnOf, StepFlag } from '#contract/step-rows'
import { buildChain } from '../../src-main/gradients/chain'
import type { Evidence } from '../../src-main/gradients/guard'
import { buildModel, type Model } from '../../src-main/models/build'
import { lossOf } from '../../src-main/models/losses'
import { evidenceIn, layOutRows } from '../../src-main/training/measurements'
import { prepareTensors } from '../../src-main/training/prepare-tensors'
import { writePrograms } from '../../src-main/training/program-functions'
import { openPrograms, type Programs } from '../../src-main/training/programs'
import { tensorsOf } from '../../src-main/training/step'
import { registerUniformKernel } from '../models/uniform-kernel'

beforeAll(async () => {
  await tf.setBackend('cpu')
  registerUniformKernel()
})

interface Rig {
  step: Programs
  model: Model
  measured(): Evidence
  run(features: number[], rate?: number): Float32Array
  weights(): number[][]
}

/** Two numbers, of which nothing is changed. */
const plan = { version: 1 as const, sampleShape: [2], shape: [2], features: [], cleaned: [] }

/** Two inputs, a small network, two classes. */
function rig(gradients: ExperimentInput['gradients'], layers?: ExperimentInput['model']['layers']): Rig {
  const experiment = parseExperiment({
    version: 1,
    data: { source: { use: 'digits' } },
    model: {
      layers: layers ?? [
        { use: 'dense', units: 4, activation: 'tanh' },
        { use: 'batchNormalization' },
        { use: 'dense', units: 2 }
      ]
    },
    loss: { use: 'softmaxCrossEntropy' },
    gradients,
    training: { batchSize: 3, steps: 1 }
  })
  const model = buildModel(experiment.model.layers, [2])
  const chain = buildChain(experiment.gradients, model.parameters)
  const parameters = model.initialParameters(1)
  let measured: Evidence
  const step = openPrograms({
    functions: writePrograms(
      { model, loss: lossOf(experiment.loss, true), prepare: prepareTensors(plan) },
      chain
    ),
    sampleShape: plan.sampleShape,
    state: { parameters, layerState: model.initialState(), chainState: chain.init(parameters) }
  })
  let count = 0
  return {
    step,
    model,
    measured: () => measured,
    run(features) {
      const clock = { step: count, updates: count, epoch: 0, stepsPerEpoch: 1 }
      const scalars = {
        ...chain.scalars(clock, experiment.gradients),
        ...model.scalars(experiment.model.layers)
      }
      count++
      const packed = step.train(
        {
          count: 3,
          features: Float32Array.from(features),
          targets: Int32Array.of(0, 1, 1),
          seed: [1, count]
        },
        scalars
      )
      measured = evidenceIn(packed, model.parameters.length)
      return packed
    },
    weights: () => Object.values(tensorsOf(step.state)).map((tensor) => Array.from(tensor.dataSync()))
  }
}

const FEATURES = [0.1, -0.4, 0.7, 0.2, -0.3, 0.9]

test('steps make the loss smaller and no tensor is left behind', () => {
  const { run, step, measured } = rig([
    { use: 'clipByGlobalNorm', max: 1 },
    { use: 'adam', rate: 0.01 }
  ])
  const before = tf.memory().numTensors
  const losses = Array.from({ length: 30 }, () => {
    run(FEATURES)
    return measured().loss
  })
  expect(losses[29]).toBeLessThan(losses[0] * 0.8)
  expect(tf.memory().numTensors).toBe(before)
  step.dispose()
})

test('a refused step changes nothing: no weight, slot or moving average', () => {
  const { run, weights, measured } = rig([
    { use: 'clipByValue', max: 1 },
    { use: 'adam', rate: 0.01 }
  ])
  run(FEATURES)
  const before = weights()
  const tensors = tf.memory().numTensors
  run([NaN, ...FEATURES.slice(1)])
  expect(weights()).toEqual(before)
  expect(tf.memory().numTensors).toBe(tensors)
  expect(measured().loss).toBeNaN()
})

test('the measured norms are those of the gradients, the clipped gradients, the update and the weights', () => {
  const { run, measured, step, model } = rig([
    { use: 'clipByGlobalNorm', max: 0.01 },
    { use: 'sgd', rate: 0.5 }
  ])
  const before = Object.values(step.state.parameters).map((tensor) => Array.from(tensor.dataSync()))
  const packed = run(FEATURES)
  const after = Object.values(step.state.parameters).map((tensor) => Array.from(tensor.dataSync()))
  const norm = (values: number[]): number => Math.hypot(...values)
  const product = (set: 'before' | 'entering' | 'update' | 'weight'): number[] =>
    measured()[set].map(({ scale, rest }) => scale * rest)
  before.forEach((values, index) => expect(product('weight')[index]).toBeCloseTo(norm(values), 5))
  after.forEach((values, index) =>
    expect(product('update')[index]).toBeCloseTo(norm(values.map((value, i) => value - before[index][i])), 5)
  )
  expect(Math.hypot(...product('entering'))).toBeCloseTo(0.01, 6)
  expect(Math.hypot(...product('before'))).toBeGreaterThan(0.01)

  const facts = { epoch: 1, rate: 0.5, threshold: 0.01, refused: false }
  const row = layOutRows(model.layers, model.parameters)(packed, facts)
  expect(row[columnOf('flags')]).toBe(StepFlag.clipped)
  const first = model.parameters.flatMap(({ layer }, index) =>
    layer === 'dense_1' ? [product('before')[index]] : []
  )
  expect(row[layerColumnOf(0, 'gradientBefore')]).toBeCloseTo(Math.hypot(...first), 6)
})

test('gradients of 1e-30 and of 1e30 are measured, not read as zero or Inf', () => {
  const layers = [{ use: 'dense' as const, units: 2, useBias: false }]
  const { run, measured } = rig([{ use: 'sgd', rate: 1e-30 }], layers)
  run(FEATURES.map((value) => value * 1e-30))
  const tiny = measured().before[0]
  expect(tiny.scale * tiny.rest).toBeGreaterThan(1e-31)
  expect(tiny.scale * tiny.rest).toBeLessThan(1e-29)
})

test('dropout masks follow from the seed and the step alone', () => {
  const layers = [
    { use: 'dense' as const, units: 32 },
    { use: 'dropout' as const, rate: 0.5 },
    { use: 'dense' as const, units: 2 }
  ]
  const losses = (): number[] => {
    const { run, measured } = rig([{ use: 'sgd', rate: 0 }], layers)
    return [1, 2].map(() => {
      run(FEATURES)
      return measured().loss
    })
  }
  const first = losses()
  expect(losses()).toEqual(first)
  expect(first[0]).not.toBe(first[1])
})

describe('the row of a step', () => {
  // Kernel and bias of the first layer, and the kernel of the second.
  const layers = [
    { use: 'dense' as const, units: 2 },
    { use: 'dense' as const, units: 2, useBias: false }
  ]
  const facts = { epoch: 0.5, rate: 0.1, refused: true }
  const SETS = ['gradientBefore', 'gradientAfter', 'update', 'weight'] as const
  /** The row where every set has the same three norms, each as scale and rest. */
  const rowOf = (...norms: [number, number][]): Float32Array => {
    const packed = Float32Array.of(0, 1.5, 0.25, NaN, NaN, 0, ...SETS.flatMap(() => norms.flat()))
    const { model } = rig([{ use: 'sgd', rate: 0 }], layers)
    return layOutRows(model.layers, model.parameters)(packed, facts)
  }

  test('joins the tensors of each layer, and of the whole model, in every set', () => {
    const row = rowOf([3, 1], [2, 2], [1.5, 8])
    expect(SETS.map((set) => [row[layerColumnOf(0, set)], row[layerColumnOf(1, set)]])).toEqual(
      SETS.map(() => [5, 12])
    )
    const named = ['loss', 'accuracy', 'epoch', 'gradientBefore', 'gradientAfter', 'flags'] as const
    expect(named.map((name) => row[columnOf(name)])).toEqual([1.5, 0.25, 0.5, 13, 13, StepFlag.refused])
  })

  test.each<[string, [number, number], number, number]>([
    ['NaN', [NaN, NaN], NaN, StepFlag.nonFinite],
    ['NaN among finite ones', [1, NaN], NaN, StepFlag.nonFinite],
    ['Inf', [Infinity, NaN], Infinity, StepFlag.nonFinite],
    ['too large for 32 bits', [3e38, 9], Infinity, StepFlag.overflow],
    ['tiny', [1e-37, 1], Math.fround(1e-37), 0]
  ])('tells what is %s, in its layer alone', (_, norm, expected, flag) => {
    const row = rowOf([0, 0], norm, [1, 1])
    expect(row[layerColumnOf(0, 'update')]).toBe(expected)
    expect([row[layerColumnOf(0, 'flags')], row[layerColumnOf(1, 'flags')]]).toEqual([flag, 0])
    expect(row[columnOf('flags')]).toBe(StepFlag.refused | flag)
  })
})
