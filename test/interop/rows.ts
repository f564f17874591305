import { activations, initializers } from '#contract/vocabulary'

/*
 * What is compared with Keras: a row for each thing that could differ. A new layer or loss needs a row here and a line in
 * answer.py; a new activation needs nothing, a new initializer a line in answer.py.
 */

/** A layer and the shape of the batch that it gets; `codes` fills the batch with whole numbers below it. */
export interface LayerRow {
  layer: { use: string; [option: string]: unknown }
  input: number[]
  codes?: number
}

const images = [3, 7, 6, 4]
const sequences = [3, 6, 4]

const recurrent = (use: string): LayerRow[] => [
  { layer: { use, units: 5 }, input: sequences },
  { layer: { use, units: 5, returnSequences: true }, input: sequences },
  { layer: { use, units: 2, useBias: false, activation: 'relu' }, input: sequences },
  { layer: { use, units: 3, activation: 'gelu', returnSequences: true }, input: sequences },
  { layer: { use, units: 8 }, input: [4, 112, 3] }
]

export const layerRows: LayerRow[] = [
  { layer: { use: 'dense', units: 5 }, input: [6, 4] },
  { layer: { use: 'dense', units: 5, useBias: false, activation: 'selu' }, input: [6, 4] },
  { layer: { use: 'conv1d', filters: 5, kernelSize: 3 }, input: sequences },
  { layer: { use: 'conv1d', filters: 5, kernelSize: 3, strides: 2, padding: 'same' }, input: sequences },
  { layer: { use: 'conv2d', filters: 5, kernelSize: 3, activation: 'relu' }, input: images },
  {
    layer: { use: 'conv2d', filters: 5, kernelSize: [2, 3], strides: [2, 1], padding: 'same' },
    input: images
  },
  { layer: { use: 'depthwiseConv2d', kernelSize: 3, depthMultiplier: 2 }, input: images },
  {
    layer: { use: 'depthwiseConv2d', kernelSize: [2, 3], strides: 2, padding: 'same', activation: 'silu' },
    input: images
  },
  { layer: { use: 'separableConv2d', filters: 5, kernelSize: 3 }, input: images },
  {
    layer: {
      use: 'separableConv2d',
      filters: 2,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      depthMultiplier: 3
    },
    input: images
  },
  { layer: { use: 'maxPooling1d' }, input: sequences },
  { layer: { use: 'maxPooling1d', size: 3, strides: 2, padding: 'same' }, input: sequences },
  { layer: { use: 'maxPooling2d' }, input: images },
  { layer: { use: 'maxPooling2d', size: [3, 2], strides: [2, 1], padding: 'same' }, input: images },
  { layer: { use: 'averagePooling1d' }, input: sequences },
  { layer: { use: 'averagePooling1d', size: 3, strides: 2, padding: 'same' }, input: sequences },
  { layer: { use: 'averagePooling2d' }, input: images },
  { layer: { use: 'averagePooling2d', size: [3, 2], strides: [2, 1], padding: 'same' }, input: images },
  { layer: { use: 'globalAveragePooling1d' }, input: sequences },
  { layer: { use: 'globalAveragePooling2d' }, input: images },
  { layer: { use: 'globalMaxPooling1d' }, input: sequences },
  { layer: { use: 'globalMaxPooling2d' }, input: images },
  // Codes are often equal, so that there is more than one largest.
  { layer: { use: 'globalMaxPooling2d' }, input: images, codes: 3 },
  { layer: { use: 'flatten' }, input: images },
  { layer: { use: 'reshape', shape: [6, 28] }, input: images },
  { layer: { use: 'reshape', shape: [2, -1] }, input: images },
  { layer: { use: 'batchNormalization' }, input: images },
  { layer: { use: 'batchNormalization', momentum: 0.7, epsilon: 0.01 }, input: sequences },
  { layer: { use: 'batchNormalization' }, input: [6, 4] },
  { layer: { use: 'layerNormalization' }, input: images },
  { layer: { use: 'layerNormalization', epsilon: 0.01 }, input: [6, 4] },
  { layer: { use: 'embedding', inputs: 9, units: 4 }, input: [5, 7], codes: 9 },
  ...recurrent('simpleRnn'),
  ...recurrent('lstm'),
  ...recurrent('gru'),
  ...activations.map((activation) => ({ layer: { use: 'activation', activation }, input: [6, 4] })),
  {
    layer: { use: 'weightNormalization', layer: { use: 'dense', units: 5, activation: 'tanh' } },
    input: [6, 4]
  },
  {
    layer: {
      use: 'weightNormalization',
      layer: { use: 'conv2d', filters: 5, kernelSize: 3, strides: 2, padding: 'same', useBias: false }
    },
    input: images
  },
  {
    layer: {
      use: 'residual',
      layers: [
        { use: 'dense', units: 3, activation: 'relu' },
        { use: 'dense', units: 4 }
      ]
    },
    input: [6, 4]
  },
  {
    layer: {
      use: 'residual',
      shortcut: 'projection',
      activation: 'elu',
      layers: [
        // A bias in front of the normalization would have no gradient but rounding.
        { use: 'conv2d', filters: 5, kernelSize: 3, strides: 2, padding: 'same', useBias: false },
        { use: 'batchNormalization' }
      ]
    },
    input: images
  }
]

/** Layers that draw random numbers: what they do to ones is compared by mean and standard deviation. */
export const noiseRows: LayerRow[] = [
  { layer: { use: 'dropout', rate: 0.3 }, input: [50, 2000] },
  { layer: { use: 'gaussianNoise', stddev: 0.5 }, input: [50, 2000] }
]

const options: Record<string, object> = { constant: { value: 0.3 } }
const drawn = Object.keys(initializers).map((use) => ({ use, ...options[use] }))

/** Layers whose first values are compared: each initializer for both kinds of fans, and the defaults of each layer. */
export const firstRows: LayerRow[] = [
  ...drawn.map((initializer) => ({ layer: { use: 'dense', units: 200, initializer }, input: [1, 300] })),
  ...drawn
    // Keras has an identity for two axes only.
    .filter(({ use }) => use !== 'identity')
    .map((initializer) => ({
      layer: { use: 'conv2d', filters: 64, kernelSize: 3, initializer },
      input: [1, 8, 8, 32]
    })),
  { layer: { use: 'conv1d', filters: 64, kernelSize: 5 }, input: [1, 20, 64] },
  { layer: { use: 'depthwiseConv2d', kernelSize: 5, depthMultiplier: 16 }, input: [1, 8, 8, 64] },
  {
    layer: { use: 'separableConv2d', filters: 64, kernelSize: 5, depthMultiplier: 8 },
    input: [1, 8, 8, 64]
  },
  { layer: { use: 'embedding', inputs: 500, units: 64 }, input: [1, 3] },
  { layer: { use: 'batchNormalization' }, input: [1, 9] },
  { layer: { use: 'layerNormalization' }, input: [1, 9] },
  { layer: { use: 'simpleRnn', units: 150 }, input: [1, 3, 150] },
  { layer: { use: 'lstm', units: 100 }, input: [1, 3, 100] },
  { layer: { use: 'gru', units: 100 }, input: [1, 3, 100] }
]

/** A loss for rows of numbers, or of shares that sum to 1, and targets, with a weight for each sample if wanted. */
export interface LossRow {
  loss: { use: string; [option: string]: unknown }
  outputs: 'numbers' | 'shares'
  size: number
  targets: 'classes' | 'numbers' | 'shares'
  weights?: true
}

const losses = (
  outputs: LossRow['outputs'],
  targets: LossRow['targets'],
  ...words: LossRow['loss'][]
): LossRow[] =>
  words.flatMap((loss): LossRow[] => [
    { loss, outputs, size: 4, targets },
    { loss: { ...loss, weight: -0.5 }, outputs, size: 4, targets, weights: true }
  ])
const numeric = [
  { use: 'meanSquaredError' },
  { use: 'meanAbsoluteError' },
  { use: 'huber' },
  { use: 'huber', delta: 0.3 }
]
export const lossRows: LossRow[] = [
  ...losses('numbers', 'classes', { use: 'softmaxCrossEntropy' }, { use: 'binaryCrossEntropy' }, ...numeric),
  ...losses('numbers', 'shares', { use: 'softmaxCrossEntropy' }, { use: 'binaryCrossEntropy' }),
  ...losses('numbers', 'numbers', ...numeric),
  ...losses('shares', 'classes', { use: 'categoricalCrossEntropy' }),
  ...losses('shares', 'shares', { use: 'categoricalCrossEntropy' }),
  { loss: { use: 'binaryCrossEntropy' }, outputs: 'numbers', size: 1, targets: 'classes' }
]
