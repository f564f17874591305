import { beforeAll, expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import { activations, layer } from '#contract/vocabulary'
import { buildModel, type Model } from '../../../src-main/models/build'
import { valuesOf } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'

beforeAll(startCpu)

const modelOf = (options: { use: string; [option: string]: unknown }, inputShape: number[]): Model =>
  buildModel([layer.parse({ name: 'it', ...options })], inputShape)

test.each([
  [
    { use: 'conv1d', filters: 5, kernelSize: 4, strides: 3 },
    [11, 2],
    [3, 5],
    { kernel: [4, 2, 5], bias: [5] },
    120
  ],
  [
    { use: 'depthwiseConv2d', kernelSize: [3, 2], depthMultiplier: 2 },
    [5, 6, 3],
    [3, 5, 6],
    { depthwiseKernel: [3, 2, 3, 2], bias: [6] },
    540
  ],
  [
    { use: 'separableConv2d', filters: 4, kernelSize: 3, strides: 2, padding: 'same', useBias: false },
    [5, 6, 3],
    [3, 3, 4],
    { depthwiseKernel: [3, 3, 3, 1], pointwiseKernel: [1, 1, 3, 4] },
    351
  ],
  [{ use: 'maxPooling1d' }, [7, 3], [3, 3], {}, 0],
  [{ use: 'averagePooling1d', size: 3, strides: 2, padding: 'same' }, [7, 3], [4, 3], {}, 0],
  [{ use: 'globalAveragePooling1d' }, [7, 3], [3], {}, 0],
  [{ use: 'globalMaxPooling1d' }, [7, 3], [3], {}, 0],
  [{ use: 'globalAveragePooling2d' }, [7, 6, 3], [3], {}, 0],
  [{ use: 'globalMaxPooling2d' }, [7, 6, 3], [3], {}, 0],
  [{ use: 'reshape', shape: [3, 2, 7] }, [6, 7], [3, 2, 7], {}, 0],
  [{ use: 'gaussianNoise', stddev: 1 }, [6, 7], [6, 7], {}, 0],
  [{ use: 'layerNormalization' }, [6, 7], [6, 7], { gain: [7], offset: [7] }, 42],
  [{ use: 'embedding', inputs: 9, units: 4 }, [6], [6, 4], { embeddings: [9, 4] }, 0],
  [{ use: 'simpleRnn', units: 3 }, [5, 2], [3], { kernel: [2, 3], recurrentKernel: [3, 3], bias: [3] }, 75],
  [
    { use: 'lstm', units: 3, returnSequences: true },
    [5, 2],
    [5, 3],
    { kernel: [2, 12], recurrentKernel: [3, 12], bias: [12] },
    300
  ],
  [{ use: 'gru', units: 3 }, [5, 2], [3], { kernel: [2, 9], recurrentKernel: [3, 9], bias: [2, 9] }, 225]
])('%j turns %j into %j', (options, inputShape, outputShape, parameters, multiplyAdds) => {
  const model = modelOf(options, inputShape)
  expect(model.outputShape).toEqual(outputShape)
  expect(Object.fromEntries(model.parameters.map(({ role, shape }) => [role, shape]))).toEqual(parameters)
  expect(model.summary.multiplyAdds).toBe(multiplyAdds)
  expect(model.units).toHaveLength(1)
})

const sequences = [
  { use: 'conv1d', filters: 1, kernelSize: 1 },
  { use: 'maxPooling1d' },
  { use: 'averagePooling1d' },
  { use: 'globalAveragePooling1d' },
  { use: 'globalMaxPooling1d' },
  { use: 'simpleRnn', units: 1 },
  { use: 'lstm', units: 1 },
  { use: 'gru', units: 1 }
]
const images = [
  { use: 'depthwiseConv2d', kernelSize: 1 },
  { use: 'separableConv2d', filters: 1, kernelSize: 1 },
  { use: 'globalAveragePooling2d' },
  { use: 'globalMaxPooling2d' }
]
test.each([
  ...sequences.map((options) => ['model.sequenceInput', options, [4, 4, 3]] as const),
  ...images.map((options) => ['model.imageInput', options, [4, 3]] as const),
  ['model.codeInput', { use: 'embedding', inputs: 2, units: 1 }, [4, 3]] as const
])('%s names the layer and the shape that it refuses: %j', (key, options, inputShape) => {
  expect(() => modelOf(options, [...inputShape])).toThrow(
    new Failure(key, { layer: 'it', found: `[${inputShape.join(', ')}]`, from: 'input' })
  )
})

test('a window longer than the sequence is refused with both lengths', () => {
  expect(() => modelOf({ use: 'maxPooling1d', size: 5 }, [4, 3])).toThrow(
    new Failure('model.windowTooLarge', { layer: 'it', window: 5, found: '[4, 3]', from: 'input' })
  )
})

test('a shape of another size is refused with both sizes', () => {
  expect(() => modelOf({ use: 'reshape', shape: [2, 5] }, [4, 3])).toThrow(
    new Failure('model.reshapeSize', {
      layer: 'it',
      found: '[4, 3]',
      from: 'input',
      size: 12,
      shape: '[2, 5]'
    })
  )
})

test('one length of a shape may be the rest, which must be a whole number', () => {
  expect(modelOf({ use: 'reshape', shape: [2, -1, 3] }, [4, 3]).outputShape).toEqual([2, 2, 3])
  expect(() => modelOf({ use: 'reshape', shape: [5, -1] }, [4, 3])).toThrow(Failure)
})

test('a recurrent layer takes every activation but softmax, which does not look at each value alone', () => {
  const taken = activations.filter(
    (activation) => layer.safeParse({ use: 'simpleRnn', units: 1, activation }).success
  )
  expect(taken).toEqual(activations.filter((activation) => activation !== 'softmax'))
})

test('an LSTM starts with an open gate of its memory, whatever the other biases are', () => {
  const parameters = modelOf(
    { use: 'lstm', units: 2, biasInitializer: { use: 'constant', value: 0.5 } },
    [3, 1]
  ).initialParameters(1)
  expect(valuesOf(parameters['it/bias'])).toEqual([0.5, 0.5, 1, 1, 0.5, 0.5, 0.5, 0.5])
})
