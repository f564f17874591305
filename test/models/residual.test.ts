import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import { layer, type Layer } from '#contract/vocabulary'
import { buildModel, type Model } from '../../src-main/models/build'
import { lossOf } from '../../src-main/models/losses'
import { startCpu } from '../oracles/cpu'
import { registerUniformKernel } from './uniform-kernel'

const salts: number[] = []
beforeAll(async () => {
  await startCpu()
  registerUniformKernel((salt) => salts.push(salt))
})

type Word = { use: Layer['use']; [option: string]: unknown }
const layersOf = (...layers: Word[]): Layer[] => layers.map((each) => layer.parse(each))

/** Two residuals, one in the other, and everything that keeps state or draws random numbers inside them. */
const nested = layersOf(
  { use: 'dense', units: 6 },
  {
    use: 'residual',
    shortcut: 'projection',
    activation: 'relu',
    layers: [
      { use: 'dense', units: 4, activation: 'tanh' },
      { use: 'batchNormalization' },
      {
        use: 'residual',
        layers: [
          { use: 'dropout', rate: 0.25 },
          { use: 'dense', units: 4, name: 'last' }
        ]
      }
    ]
  },
  { use: 'weightNormalization', layer: { use: 'dense', units: 3, activation: 'sigmoid' } }
)

test('layers inside a residual bear its name in front and are counted anew', () => {
  const model = buildModel(nested, [5])
  expect(model.units.map(({ name, layer: of, outputShape }) => [name, of, outputShape[0]])).toEqual([
    ['dense_1', 'dense_1', 6],
    ['residual_1/shortcut', 'residual_1', 4],
    ['residual_1/dense_1', 'residual_1/dense_1', 4],
    ['residual_1/dense_1/activation', 'residual_1/dense_1', 4],
    ['residual_1/batchNormalization_1', 'residual_1/batchNormalization_1', 4],
    ['residual_1/residual_1/dropout_1', 'residual_1/residual_1/dropout_1', 4],
    ['residual_1/residual_1/last', 'residual_1/residual_1/last', 4],
    ['residual_1/residual_1', 'residual_1/residual_1', 4],
    ['residual_1', 'residual_1', 4],
    ['residual_1/activation', 'residual_1', 4],
    ['weightNormalization_1', 'weightNormalization_1', 3],
    ['weightNormalization_1/activation', 'weightNormalization_1', 3]
  ])
  expect(model.layers).toEqual([
    'dense_1',
    'residual_1',
    'residual_1/dense_1',
    'residual_1/batchNormalization_1',
    'residual_1/residual_1/last',
    'weightNormalization_1'
  ])
})

test('tensors are those of the layers, of the way past the branch, and a gain for each normalized output', () => {
  const { parameters, state } = buildModel(nested, [5])
  expect(parameters.map(({ name, role, shape, isOutput }) => [name, role, shape, isOutput])).toEqual([
    ['dense_1/kernel', 'kernel', [5, 6], false],
    ['dense_1/bias', 'bias', [6], false],
    ['residual_1/shortcut/kernel', 'kernel', [6, 4], false],
    ['residual_1/dense_1/kernel', 'kernel', [6, 4], false],
    ['residual_1/dense_1/bias', 'bias', [4], false],
    ['residual_1/batchNormalization_1/gain', 'gain', [4], false],
    ['residual_1/batchNormalization_1/offset', 'offset', [4], false],
    ['residual_1/residual_1/last/kernel', 'kernel', [4, 4], false],
    ['residual_1/residual_1/last/bias', 'bias', [4], false],
    ['weightNormalization_1/kernel', 'kernel', [4, 3], true],
    ['weightNormalization_1/gain', 'gain', [3], true],
    ['weightNormalization_1/bias', 'bias', [3], true]
  ])
  expect(state).toEqual([
    { name: 'residual_1/batchNormalization_1/movingMean', shape: [4] },
    { name: 'residual_1/batchNormalization_1/movingVariance', shape: [4] }
  ])
})

test('a summary counts what is inside a residual once, and shows it', () => {
  const { summary } = buildModel(nested, [5])
  const branch = { dense: 6 * 4 + 4, norm: 8, last: 4 * 4 + 4 }
  const [dense, residual, normalized] = summary.layers
  const shortcut = 6 * 4
  expect(residual).toMatchObject({
    name: 'residual_1',
    use: 'residual',
    outputShape: [4],
    parameters: shortcut + branch.dense + branch.norm + branch.last,
    multiplyAdds: shortcut + 24 + 4 + 16,
    trainable: true
  })
  expect(residual.layers?.map(({ name, parameters, trainable }) => [name, parameters, trainable])).toEqual([
    ['residual_1/dense_1', branch.dense, true],
    ['residual_1/batchNormalization_1', branch.norm, true],
    ['residual_1/residual_1', branch.last, false]
  ])
  expect(normalized).toMatchObject({ parameters: 4 * 3 + 3 + 3, multiplyAdds: 12 })
  expect(summary.parameters).toBe(dense.parameters + residual.parameters + normalized.parameters)
})

test('the number of a dropout inside a residual is live', () => {
  const model = buildModel(nested, [5])
  expect(model.scalars(nested)).toEqual({ 'residual_1/residual_1/dropout_1/rate': 0.25 })
})

test('two dropouts, inside a residual and behind it, draw masks of their own', () => {
  const model = buildModel(
    layersOf({ use: 'residual', layers: [{ use: 'dropout', rate: 0.5 }] }, { use: 'dropout', rate: 0.5 }),
    [4]
  )
  salts.length = 0
  const fed = { 'residual_1/dropout_1/rate': tf.scalar(0.5), 'dropout_1/rate': tf.scalar(0.5) }
  model.apply(tf.ones([2, 4]), {}, {}, fed, { training: true, seed: tf.tensor1d([1, 1], 'int32') })
  expect(new Set(salts).size).toBe(2)
})

test('a normalized layer gives at first what the layer itself would give', () => {
  const normalized = buildModel(
    layersOf({ use: 'weightNormalization', layer: { use: 'dense', units: 3 } }),
    [5]
  )
  const plain = buildModel(layersOf({ use: 'dense', units: 3, name: 'weightNormalization_1' }), [5])
  const x = tf.randomNormal([4, 5], 0, 1, 'float32', 1)
  const outputs = (model: Model): Float32Array => {
    const parameters = model.initialParameters(3)
    return model.apply(x, parameters, {}, {}, { training: false }).outputs.dataSync() as Float32Array
  }
  const expected = outputs(plain)
  outputs(normalized).forEach((value, index) => expect(value).toBeCloseTo(expected[index], 5))
})

test('an all-zero kernel, normalized, gives 0 and finite gradients', () => {
  const model = buildModel(
    layersOf({
      use: 'weightNormalization',
      layer: { use: 'dense', units: 2, initializer: { use: 'zeros' } }
    }),
    [3]
  )
  const names = model.parameters.map(({ name }) => name)
  const parameters = model.initialParameters(1)
  const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const own = Object.fromEntries(names.map((name, index) => [name, values[index]]))
    return tf.sum<tf.Scalar>(model.apply(tf.ones([2, 3]), own, {}, {}, { training: false }).outputs)
  })(names.map((name) => parameters[name]))
  expect(value.dataSync()[0]).toBe(0)
  expect(grads.every((gradient) => gradient.dataSync().every(Number.isFinite))).toBe(true)
})

test('gradients through nested residuals agree with finite differences', () => {
  const smooth = layersOf(
    {
      use: 'residual',
      shortcut: 'projection',
      activation: 'tanh',
      layers: [
        { use: 'conv2d', filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'silu' },
        { use: 'batchNormalization' },
        {
          use: 'residual',
          layers: [
            { use: 'dropout', rate: 0.3 },
            {
              use: 'weightNormalization',
              layer: { use: 'conv2d', filters: 3, kernelSize: 3, padding: 'same', activation: 'gelu' }
            }
          ]
        }
      ]
    },
    { use: 'flatten' },
    { use: 'dense', units: 3 }
  )
  const model = buildModel(smooth, [5, 4, 2])
  const { compute } = lossOf({ use: 'softmaxCrossEntropy', weight: 1 }, true)
  const x = tf.randomNormal([3, 5, 4, 2], 0, 1, 'float32', 4)
  const targets = tf.tensor1d([0, 2, 1], 'int32')
  const fed = { 'residual_1/residual_1/dropout_1/rate': tf.scalar(0.3) }
  const mode = { training: true, seed: tf.tensor1d([1, 1], 'int32') } as const
  const parameters = model.initialParameters(3)
  const names = Object.keys(parameters)
  const lossAt = (...values: tf.Tensor[]): tf.Scalar => {
    const own = Object.fromEntries(names.map((name, index) => [name, values[index]]))
    return compute(model.apply(x, own, model.initialState(), fed, mode).outputs, targets)
  }
  const values = Object.values(parameters)
  const gradients = tf.grads(lossAt)(values)

  // Along each gradient, the loss must change by its squared norm.
  names.forEach((name, index) => {
    const squaredNorm = tf.sum(tf.square(gradients[index])).dataSync()[0]
    const size = 0.01 / Math.sqrt(squaredNorm)
    const [above, below] = [size, -size].map((by) => {
      const moved = tf.add(values[index], tf.mul(gradients[index], by))
      return lossAt(...values.map((value, other) => (other === index ? moved : value))).dataSync()[0]
    })
    expect([name, (above - below) / (2 * size) / squaredNorm]).toEqual([name, expect.closeTo(1, 1.5)])
  })
})

describe('what cannot be added is refused with the residual and both shapes', () => {
  test.each([
    ['identity', { use: 'dense', units: 3 }, [5], 'model.residualShapes', '[5]', '[3]'],
    ['projection', { use: 'flatten' }, [4, 4, 2], 'model.residualProjection', '[4, 4, 2]', '[32]'],
    [
      'projection',
      { use: 'conv2d', filters: 2, kernelSize: 3 },
      [28, 28, 1],
      'model.residualProjection',
      '[28, 28, 1]',
      '[26, 26, 2]'
    ]
  ] as const)('%s around %o', (shortcut, inner, inputShape, key, input, branch) => {
    const build = (): Model =>
      buildModel(layersOf({ use: 'residual', shortcut, layers: [inner], name: 'block' }), inputShape)
    expect(build).toThrow(new Failure(key, { layer: 'block', input, branch }))
  })

  test('a layer inside is named with the residual, and the layer in front of the residual gives its input', () => {
    const build = (): Model =>
      buildModel(
        layersOf(
          { use: 'conv2d', filters: 2, kernelSize: 3 },
          { use: 'residual', layers: [{ use: 'dense', units: 3 }] }
        ),
        [6, 6, 1]
      )
    expect(build).toThrow(
      new Failure('model.flatInput', { layer: 'residual_1/dense_1', found: '[4, 4, 2]', from: 'conv2d_1' })
    )
  })
})
