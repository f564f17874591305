import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { layer } from '#contract/vocabulary'
import { startEngine } from '../../../src-main/engine/backends'
import { compileOver } from '../../../src-main/engine/compile/compiler'
import { buildModel } from '../../../src-main/models/build'
import { relativeError, valuesOf } from '../../oracles/closeness'

beforeAll(() => startEngine('native-cpu'))

const BATCH = 3
const images = [6, 5, 4]
const sequences = [7, 4]

test.each([
  [{ use: 'batchNormalization' }, images],
  [{ use: 'batchNormalization' }, sequences],
  [{ use: 'batchNormalization' }, [7]],
  [{ use: 'depthwiseConv2d', kernelSize: 3, strides: 2, padding: 'same' }, images],
  [{ use: 'separableConv2d', filters: 2, kernelSize: 3 }, images],
  [{ use: 'globalAveragePooling2d' }, images],
  [{ use: 'globalMaxPooling2d' }, images],
  [{ use: 'layerNormalization' }, images],
  [{ use: 'gaussianNoise', stddev: 0.5 }, images],
  [{ use: 'reshape', shape: [4, 30] }, images],
  [{ use: 'conv1d', filters: 3, kernelSize: 3, strides: 2 }, sequences],
  [{ use: 'maxPooling1d' }, sequences],
  [{ use: 'averagePooling1d', size: 3, padding: 'same' }, sequences],
  [{ use: 'globalAveragePooling1d' }, sequences],
  [{ use: 'globalMaxPooling1d' }, sequences],
  [{ use: 'simpleRnn', units: 3, returnSequences: true }, sequences],
  [{ use: 'lstm', units: 3 }, sequences],
  [{ use: 'gru', units: 3, returnSequences: true }, sequences],
  [{ use: 'gru', units: 3 }, [112, 2]],
  [{ use: 'embedding', inputs: 9, units: 3 }, [7]]
])('%j gives compiled what it gives step by step, for other inputs too', (options, inputShape) => {
  const layers = [layer.parse(options)]
  const model = buildModel(layers, inputShape)
  const batchOf = (shift: number) => ({
    shape: [BATCH, ...inputShape],
    values: Float32Array.from(
      { length: BATCH * inputShape.reduce((size, length) => size * length, 1) },
      (_, index) => (index * 7 + shift) % 9
    )
  })
  const train = (parameters: Record<string, tf.Tensor>, fed: Record<string, tf.Tensor>): tf.Tensor[] => {
    const names = Object.keys(parameters)
    const { x, seed, ...scalars } = fed
    const lossOf = (...values: tf.Tensor[]): tf.Scalar => {
      const own = Object.fromEntries(names.map((name, index) => [name, values[index + 1]]))
      const { outputs, state } = model.apply(
        values[0],
        own,
        model.initialState(),
        scalars as Record<string, tf.Scalar>,
        { training: true, seed: seed as tf.Tensor1D }
      )
      const kept = Object.values(state).map((each) => tf.sum(each))
      return tf.sum(tf.addN([tf.sum(tf.square(outputs)), ...kept])) as tf.Scalar
    }
    const { value, grads } = tf.valueAndGrads(lossOf)([x, ...Object.values(parameters)])
    return [value, ...grads]
  }
  const scalars = model.scalars(layers)
  const feed = (shift: number) => ({
    x: batchOf(shift),
    seed: { shape: [2], values: Int32Array.of(1, shift) },
    ...scalars
  })

  const results = tf.tidy(() => {
    const parameters = model.initialParameters(1)
    const compiled = compileOver(parameters)
    compiled.trace('train', feed(0), (state, fed) => ({ outputs: train(state, fed) }))
    const found = compiled.run('train', feed(5)).map(valuesOf)
    compiled.dispose()
    const { x, seed } = feed(5)
    const expected = train(parameters, {
      x: tf.tensor(x.values, x.shape),
      seed: tf.tensor1d(seed.values, 'int32'),
      ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)]))
    }).map(valuesOf)
    return { found, expected } as unknown as tf.TensorContainer
  }) as unknown as { found: number[][]; expected: number[][] }
  results.found.forEach((values, index) => {
    expect(relativeError(values, results.expected[index])).toBeLessThan(1e-5)
  })
})
