import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { layer, type Layer } from '#contract/vocabulary'
import { buildModel, type Model } from '../../src-main/models/build'
import { orthogonalValues } from '../../src-main/models/initializers'
import type { Tensors } from '../../src-main/models/layer'
import { startCpu } from '../oracles/cpu'

beforeAll(startCpu)

type Word = { use: Layer['use']; [option: string]: unknown }
const layersOf = (...layers: Word[]): Layer[] => layers.map((each) => layer.parse(each))

describe('a residual whose branch starts at zero', () => {
  const x = tf.randomNormal([4, 3], 0, 1, 'float32', 5)
  const started = (
    layers: Word[],
    kernels?: typeof orthogonalValues
  ): { model: Model; parameters: Tensors } => {
    const model = buildModel(layersOf({ use: 'residual', zeroInit: true, layers: layers as never }), [3])
    return { model, parameters: model.initialParameters(2, kernels) }
  }
  const dense = { use: 'dense', units: 3, biasInitializer: { use: 'ones' } } as const
  const hidden = { use: 'dense', units: 5, activation: 'tanh' } as const
  const branches: [string, Word[], string[]][] = [
    ['a dense layer', [hidden, dense], ['residual_1/dense_2/kernel']],
    [
      'normalized weights',
      [hidden, { use: 'weightNormalization', layer: dense }],
      ['residual_1/weightNormalization_1/gain', 'residual_1/weightNormalization_1/kernel']
    ],
    [
      'a layer before a normalization and a residual',
      [
        hidden,
        dense,
        { use: 'batchNormalization' },
        { use: 'residual', layers: [{ use: 'activation', activation: 'tanh' }] }
      ],
      ['residual_1/dense_2/kernel']
    ]
  ]

  test.each(branches)('gives what it gets: %s', (_, layers) => {
    for (const kernels of [undefined, orthogonalValues]) {
      const { model, parameters } = started(layers, kernels)
      const mode = { training: true, seed: tf.tensor1d([1, 1], 'int32') } as const
      const { outputs } = model.apply(x, parameters, model.initialState(), {}, mode)
      expect(Array.from(outputs.dataSync())).toEqual(Array.from(x.dataSync()))
    }
  })

  test.each(branches.slice(0, 2))('can learn from its first step: %s', (_, layers, [first]) => {
    const { model, parameters } = started(layers)
    const mode = { training: false } as const
    const gradient = tf.grad((value: tf.Tensor) => {
      const current = { ...parameters, [first]: value }
      return tf.sum(tf.square(model.apply(x, current, model.initialState(), {}, mode).outputs))
    })(parameters[first])
    expect(Array.from(gradient.dataSync()).every((value) => Number.isFinite(value) && value !== 0)).toBe(true)
  })

  test('leaves the direction of normalized weights and everything before as they would be', () => {
    const layers: Word[] = [hidden, { use: 'weightNormalization', layer: dense }]
    const { parameters } = started(layers)
    const usual = buildModel(layersOf({ use: 'residual', layers: layers as never }), [3]).initialParameters(2)
    const changed = Object.keys(usual).filter(
      (name) => String(usual[name].dataSync()) !== String(parameters[name].dataSync())
    )
    expect(changed).toEqual([
      'residual_1/weightNormalization_1/gain',
      'residual_1/weightNormalization_1/bias'
    ])
  })
})
