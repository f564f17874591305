import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { layer } from '#contract/vocabulary'
import { describeModel } from '../../src-main/models/inspect'

test('a model can be described where no backend runs', () => {
  const layers = [
    { use: 'conv2d', filters: 4, kernelSize: 3, strides: 2, padding: 'same' },
    { use: 'flatten' },
    { use: 'dense', units: 2, name: 'last' }
  ].map((each) => layer.parse(each))
  expect(describeModel(layers, [5, 4, 3])).toEqual({
    inputShape: [5, 4, 3],
    layers: [
      {
        name: 'conv2d_1',
        use: 'conv2d',
        outputShape: [3, 2, 4],
        parameters: 112,
        multiplyAdds: 648,
        trainable: true
      },
      {
        name: 'flatten_1',
        use: 'flatten',
        outputShape: [24],
        parameters: 0,
        multiplyAdds: 0,
        trainable: false
      },
      { name: 'last', use: 'dense', outputShape: [2], parameters: 50, multiplyAdds: 48, trainable: true }
    ],
    parameters: 162,
    multiplyAdds: 696
  })
  expect(tf.engine().backendNames()).toEqual([])
})
