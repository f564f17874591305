import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { activations, vocabulary, type Activation, type Layer } from '#contract/vocabulary'
import { exportModel } from '../../src-main/exporters/export-model'
import { temporaryFolder } from '../fixtures/folder'
import { startCpu } from '../oracles/cpu'
import { artifactOf, experimentOf } from './artifact'

type Layers = ExperimentInput['model']['layers']

const conv2d: Layers[number] = { use: 'conv2d', filters: 2, kernelSize: 3, strides: 2, padding: 'same' }
/** Each word in a small model, with the shape of a sample; the compiler asks for the words that are new. */
const examples: Record<Layer['use'], { shape: number[]; layers: Layers; by?: number }> = {
  dense: { shape: [4], layers: [{ use: 'dense', units: 3 }] },
  conv1d: {
    shape: [7, 2],
    layers: [{ use: 'conv1d', filters: 3, kernelSize: 3, strides: 2, padding: 'same' }, { use: 'flatten' }]
  },
  conv2d: { shape: [5, 4, 2], layers: [conv2d, { use: 'flatten' }] },
  depthwiseConv2d: {
    shape: [5, 4, 2],
    layers: [
      { use: 'depthwiseConv2d', kernelSize: [3, 2], strides: 2, depthMultiplier: 2, activation: 'relu' },
      { use: 'flatten' }
    ]
  },
  separableConv2d: {
    shape: [5, 4, 2],
    layers: [
      { use: 'separableConv2d', filters: 3, kernelSize: 3, depthMultiplier: 2, activation: 'leakyRelu' },
      { use: 'flatten' }
    ]
  },
  maxPooling1d: {
    shape: [7, 2],
    layers: [{ use: 'maxPooling1d', size: 3, strides: 2, padding: 'same' }, { use: 'flatten' }]
  },
  averagePooling1d: {
    shape: [7, 2],
    layers: [{ use: 'averagePooling1d', padding: 'same' }, { use: 'flatten' }]
  },
  globalAveragePooling1d: { shape: [7, 2], layers: [{ use: 'globalAveragePooling1d' }] },
  globalAveragePooling2d: { shape: [5, 4, 2], layers: [{ use: 'globalAveragePooling2d' }] },
  globalMaxPooling1d: { shape: [7, 2], layers: [{ use: 'globalMaxPooling1d' }] },
  globalMaxPooling2d: { shape: [5, 4, 2], layers: [{ use: 'globalMaxPooling2d' }] },
  reshape: { shape: [6, 2], layers: [{ use: 'reshape', shape: [2, 6] }, { use: 'flatten' }] },
  gaussianNoise: { shape: [4], layers: [{ use: 'gaussianNoise', stddev: 0.5 }] },
  layerNormalization: { shape: [4], layers: [{ use: 'layerNormalization', epsilon: 0.1 }] },
  embedding: { by: 1, shape: [5], layers: [{ use: 'embedding', inputs: 256, units: 2 }, { use: 'flatten' }] },
  simpleRnn: {
    shape: [4, 2],
    layers: [
      { use: 'simpleRnn', units: 3, returnSequences: true },
      { use: 'simpleRnn', units: 2, useBias: false }
    ]
  },
  lstm: {
    shape: [4, 2],
    layers: [
      { use: 'lstm', units: 3, returnSequences: true },
      { use: 'lstm', units: 2, activation: 'relu' }
    ]
  },
  gru: { shape: [4, 2], layers: [{ use: 'gru', units: 3 }] },
  maxPooling2d: {
    shape: [5, 4, 2],
    layers: [{ use: 'maxPooling2d', size: [3, 2], strides: 2, padding: 'same' }, { use: 'flatten' }]
  },
  averagePooling2d: {
    shape: [5, 4, 2],
    layers: [{ use: 'averagePooling2d', size: [3, 2], padding: 'same' }, { use: 'flatten' }]
  },
  flatten: { shape: [3, 2], layers: [{ use: 'flatten' }] },
  dropout: { shape: [4], layers: [{ use: 'dropout', rate: 0.5 }] },
  batchNormalization: { shape: [4], layers: [{ use: 'batchNormalization', epsilon: 0.1 }] },
  activation: { shape: [4], layers: [{ use: 'activation', activation: 'tanh' }] },
  residual: {
    shape: [5, 4, 2],
    layers: [
      {
        use: 'residual',
        shortcut: 'projection',
        activation: 'relu',
        layers: [conv2d, { use: 'batchNormalization' }]
      },
      { use: 'residual', layers: [{ use: 'residual', layers: [{ use: 'activation', activation: 'tanh' }] }] },
      { use: 'flatten' },
      {
        use: 'residual',
        shortcut: 'projection',
        layers: [{ use: 'dense', units: 3, activation: 'leakyRelu' }]
      }
    ]
  },
  weightNormalization: {
    shape: [5, 4, 2],
    layers: [
      {
        use: 'weightNormalization',
        layer: { use: 'conv2d', filters: 3, kernelSize: 2, activation: 'leakyRelu' }
      },
      { use: 'flatten' },
      { use: 'weightNormalization', layer: { use: 'dense', units: 3 } }
    ]
  }
}

/** What TensorFlow.js has no layer for; an export of it names the layer. */
const WITHOUT_WORD: { layers: Layer['use'][]; activations: Activation[] } = {
  layers: ['gru'],
  activations: ['exponential']
}

beforeAll(startCpu)

/** What comes of an export of a model for raw bytes times `by`: the largest difference, or the failure. */
async function exported(layers: Layers, shape: number[], by = 1 / 255): Promise<unknown> {
  const experiment = experimentOf(layers, {
    data: { source: { use: 'digits' }, prepare: [{ use: 'scale', by }] },
    loss: { use: 'meanSquaredError' }
  })
  const artifact = artifactOf(experiment, shape, 20)
  // Equal answers for every sample would say nothing.
  expect(new Set(artifact.outputs.map((value) => Math.round(value * 1e4))).size).toBeGreaterThan(5)
  const folder = await temporaryFolder()
  const path = join(folder, 'model')
  const outcome = await exportModel({ artifact, format: 'tfjs', path, overwrite: false }).then(
    ({ relativeDifference }) => ({ difference: relativeDifference }),
    (failure: unknown) => failure
  )
  if (outcome instanceof Error) expect(await readdir(folder)).toEqual([])
  return outcome
}

test.each(Object.keys(vocabulary.layers) as Layer['use'][])(
  '%s is exported, or named as what cannot be',
  async (use) => {
    const { layers, shape, by } = examples[use]
    const outcome = await exported(layers, shape, by)
    if (WITHOUT_WORD.layers.includes(use))
      expect(outcome).toMatchObject({ key: 'export.noWord', values: { word: use } })
    else expect(outcome).toEqual({ difference: expect.closeTo(0, 4) as number })
  }
)

test.each(activations)('the activation %s is exported, or named as what cannot be', async (activation) => {
  for (const layers of [
    [{ use: 'dense', units: 3, activation }],
    [{ use: 'activation', activation }]
  ] satisfies Layers[]) {
    const outcome = await exported(layers, [4])
    if (WITHOUT_WORD.activations.includes(activation))
      expect(outcome).toMatchObject({ key: 'export.noWord', values: { word: activation } })
    else expect(outcome).toEqual({ difference: expect.closeTo(0, 4) as number })
  }
})
