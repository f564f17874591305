import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { say } from '#contract/messages'
import { exportModel } from '../../src-main/exporters/export-model'
import { importModel, inspectModel, type ImportedModel } from '../../src-main/importers/import-model'
import { describeLayer } from '../../src-main/models/inspect'
import { artifactOf, experimentOf, planOf } from '../exporters/artifact'
import { temporaryFolder } from '../fixtures/folder'
import { relativeError } from '../oracles/closeness'
import { startCpu } from '../oracles/cpu'
import { answersOf, kerasAnswers } from './answers'

const file = (name: string): string => join(import.meta.dirname, '../fixtures/models', name)

/** An experiment for samples of a shape, whose targets are numbers unless it is changed. */
const groundOf = (featureShape: number[], changes: Partial<ExperimentInput> = {}) => ({
  featureShape,
  experiment: parseExperiment({
    version: 1,
    name: 'ground',
    data: { source: { use: 'digits' } },
    model: { layers: [{ use: 'flatten' }] },
    loss: { use: 'meanSquaredError' },
    gradients: [{ use: 'sgd', rate: 0.5 }],
    training: { batchSize: 4, steps: 3 },
    ...changes
  })
})
const importedFrom = (path: string, ground?: ReturnType<typeof groundOf>): Promise<ImportedModel> =>
  importModel(path, ground, describeLayer)
const composedOf = ({ composed, model }: ImportedModel) => {
  if (!composed) throw new Error(JSON.stringify(model))
  return composed
}
const notesOf = ({ model }: ImportedModel): string[] =>
  model.notes.map(({ key, values }) => say('en', key, values))

beforeAll(startCpu)

describe('an imported model answers as Keras does', () => {
  test.each([
    'images.keras',
    'images.h5',
    'keras2-images.keras',
    'keras2-images.h5',
    'functional.keras',
    'functional.h5',
    'keras2-functional.h5',
    'sequences.keras',
    'sequences.h5',
    'keras2-sequences.h5',
    'channels.keras',
    'keras2-channels.h5',
    'residual.keras',
    'residual.h5',
    'keras2-residual.h5'
  ])('%s', async (name) => {
    const { samples, outputs } = kerasAnswers[name.slice(0, name.lastIndexOf('.'))]
    const featureShape = samples.shape.slice(1)
    const composed = composedOf(await importedFrom(file(name), groundOf(featureShape)))
    expect(relativeError(answersOf(composed, samples, featureShape), outputs.values)).toBeLessThan(1e-5)
  })
})

test('layers, factor, loss and optimizer come from the model, everything else from the ground', async () => {
  const imported = await importedFrom(
    file('images.keras'),
    groundOf([9, 8, 2], { seed: 9, data: { source: { use: 'digits' }, prepare: [{ use: 'scale', by: 3 }] } })
  )
  expect(composedOf(imported).experiment).toEqual(
    parseExperiment({
      version: 1,
      name: 'images',
      seed: 9,
      data: { source: { use: 'digits' }, prepare: [{ use: 'scale', by: 0.5 }] },
      model: {
        layers: [
          {
            use: 'conv2d',
            filters: 3,
            kernelSize: [3, 2],
            strides: 2,
            padding: 'same',
            activation: 'relu',
            initializer: { use: 'heNormal' }
          },
          { use: 'batchNormalization', momentum: 0.9, epsilon: 0.01 },
          { use: 'activation', activation: 'leakyRelu' },
          { use: 'maxPooling2d', size: 2, strides: 1, padding: 'same' },
          { use: 'conv2d', filters: 2, kernelSize: 2, useBias: false, activation: 'elu' },
          { use: 'averagePooling2d', size: [2, 1] },
          { use: 'flatten' },
          { use: 'dropout', rate: 0.25 },
          { use: 'dense', name: 'features', units: 3, activation: 'tanh' },
          { use: 'batchNormalization' },
          { use: 'dense', units: 4 }
        ]
      },
      loss: { use: 'softmaxCrossEntropy' },
      gradients: [
        { use: 'clipByNorm', max: 0.5 },
        { use: 'adam', rate: 0.002, beta2: 0.99, epsilon: 1e-7 }
      ],
      training: { batchSize: 4, steps: 3 }
    })
  )
  expect(notesOf(imported)).toEqual([
    'Layer “conv2d_1” (Conv2D): kernel_regularizer was left out.',
    'Layer “batch_normalization_1” (BatchNormalization) got the gain or offset that it did not have; they start without effect and are trained.',
    'The factor at the beginning of the model, 0.5, became a preparation of the features; it replaces others.',
    'The softmax at the end became part of the loss, which compares logits; predictions and exports still give the same probabilities.'
  ])
})

test('a factor of the model replaces what the ground does to values, and not what makes another shape of samples', async () => {
  const prepare = [{ use: 'resize', height: 9, width: 8 }, { use: 'standardize' }] as const
  const ground = groundOf([9, 8, 2], { data: { source: { use: 'digits' }, prepare: [...prepare] } })
  const { experiment } = composedOf(await importedFrom(file('images.keras'), ground))
  expect(experiment.data.prepare).toEqual([prepare[0], { use: 'scale', by: 0.5, on: 'features' }])
})

test('tensors are named after the layers of the experiment', async () => {
  const { tensors } = composedOf(await importedFrom(file('images.h5'), groundOf([9, 8, 2])))
  expect(tensors.map(({ name, shape, values }) => [name, shape, values.length])).toEqual([
    ['conv2d_1/kernel', [3, 2, 2, 3], 36],
    ['conv2d_1/bias', [3], 3],
    ['batchNormalization_1/gain', [3], 3],
    ['batchNormalization_1/offset', [3], 3],
    ['batchNormalization_1/movingMean', [3], 3],
    ['batchNormalization_1/movingVariance', [3], 3],
    ['conv2d_2/kernel', [2, 2, 3, 2], 24],
    ['features/kernel', [12, 3], 36],
    ['features/bias', [3], 3],
    ['batchNormalization_2/gain', [3], 3],
    ['batchNormalization_2/offset', [3], 3],
    ['batchNormalization_2/movingMean', [3], 3],
    ['batchNormalization_2/movingVariance', [3], 3],
    ['dense_2/kernel', [3, 4], 12],
    ['dense_2/bias', [4], 4]
  ])
})

test('blocks become residuals, and their tensors are named after them', async () => {
  const imported = await importedFrom(file('residual.keras'), groundOf([5, 6, 2]))
  const { experiment, tensors } = composedOf(imported)
  expect(experiment.model.layers).toMatchObject([
    { use: 'conv2d', name: 'stem', activation: 'relu' },
    {
      use: 'residual',
      shortcut: 'identity',
      layers: [
        { use: 'conv2d' },
        { use: 'batchNormalization' },
        { use: 'activation', activation: 'selu' },
        { use: 'conv2d', name: 'second' }
      ]
    },
    { use: 'activation', activation: 'relu' },
    { use: 'residual', shortcut: 'projection', layers: [{ use: 'conv2d', strides: 2, activation: 'gelu' }] },
    { use: 'flatten' },
    {
      use: 'residual',
      shortcut: 'projection',
      layers: [
        { use: 'dense', activation: 'silu' },
        { use: 'dense', activation: 'softplus' }
      ]
    },
    { use: 'residual', shortcut: 'identity', layers: [{ use: 'dense', activation: 'exponential' }] },
    { use: 'dense', units: 1 }
  ])
  expect(experiment.loss).toEqual({ use: 'binaryCrossEntropy', weight: 1 })
  const names = new Map(tensors.map(({ name, shape }) => [name, shape]))
  expect([
    names.get('residual_1/second/kernel'),
    names.get('residual_1/batchNormalization_1/movingMean'),
    names.get('residual_2/shortcut/kernel'),
    names.get('residual_3/dense_2/bias')
  ]).toEqual([[3, 3, 3, 3], [3], [1, 1, 3, 4], [6]])
})

describe('without a ground', () => {
  test('a model for 28 × 28 pixels and ten classes is put on MNIST', async () => {
    const imported = await importedFrom(file('digits.keras'))
    const { experiment } = composedOf(imported)
    expect({ data: experiment.data, gradients: experiment.gradients, name: experiment.name }).toMatchObject({
      data: { source: { use: 'mnist' }, prepare: [{ use: 'scale', by: 1 / 255 }] },
      gradients: [{ use: 'nesterov', rate: expect.closeTo(0.1, 7) as number, momentum: 0.8 }],
      name: 'digits'
    })
    expect(experiment.model.layers.map(({ use }) => use)).toEqual(['averagePooling2d', 'flatten', 'dense'])
    expect(notesOf(imported)[0]).toBe(
      'The model does not say which data it is for. Its shapes are those of MNIST, so MNIST was taken, with values from 0 to 1.'
    )
  })

  test('any other model is refused with the shape that the data must have', async () => {
    await expect(importedFrom(file('images.keras'))).rejects.toMatchObject({
      key: 'import.needsBase',
      values: { path: file('images.keras'), shape: '[9, 8, 2]' }
    })
  })
})

describe('a ground whose samples have another shape', () => {
  test('is refused with both shapes', async () => {
    await expect(importedFrom(file('functional.keras'), groundOf([6]))).rejects.toMatchObject({
      key: 'import.groundShape',
      values: { shape: '[5]', found: '[6]', source: 'digits' }
    })
  })

  test('but as many values is flattened for a model that takes rows', async () => {
    const { experiment } = composedOf(await importedFrom(file('functional.keras'), groundOf([5, 1, 1])))
    expect(experiment.model.layers.map(({ use }) => use)).toEqual(['flatten', 'dense', 'activation', 'dense'])
    expect(experiment).toMatchObject({
      loss: { use: 'meanSquaredError' },
      gradients: [{ use: 'sgd', rate: 0.5 }]
    })
  })
})

test('samples with as many values are put into the shape that a model takes', async () => {
  const { samples, outputs } = kerasAnswers.channels
  const composed = composedOf(await importedFrom(file('channels.keras'), groundOf([30, 2])))
  expect(composed.experiment.model.layers[0]).toEqual({ use: 'reshape', shape: [6, 5, 2] })
  expect(relativeError(answersOf(composed, samples, [30, 2]), outputs.values)).toBeLessThan(1e-5)
})

describe('a model that cannot be represented', () => {
  test('is no experiment, and each layer says why', async () => {
    const { composed, model } = await importedFrom(file('strange.keras'), groundOf([6]))
    expect(composed).toBeUndefined()
    const said = model.layers.flatMap(({ name, problem }) =>
      problem ? [[name, say('en', problem.key, problem.values)]] : []
    )
    expect(said).toEqual([
      ['moved', 'Layer “moved” (Rescaling): offset = -1 has no counterpart here.'],
      ['right', 'Layer “right” (Dense): activation = hard_sigmoid has no counterpart here.'],
      [
        'joined',
        'Layer “joined” (Concatenate): it joins 2 branches in a way other than a residual addition.'
      ],
      ['learned', 'Layer “learned” (PReLU): there is no such layer here.']
    ])
  })

  test('is inspected all the same', async () => {
    const model = await inspectModel(file('strange.keras'), describeLayer)
    expect(model?.layers.map(({ name, className, parameters }) => [name, className, parameters])).toEqual([
      ['start', 'InputLayer', 0],
      ['moved', 'Rescaling', 0],
      ['left', 'Dense', 21],
      ['right', 'Dense', 21],
      ['joined', 'Concatenate', 0],
      ['learned', 'PReLU', 6],
      ['head', 'Dense', 7]
    ])
  })
})

test('inspecting tells layers, shapes and numbers of a model, and nothing of a file that is none', async () => {
  const model = await inspectModel(file('digits.keras'), describeLayer)
  expect(model).toMatchObject({
    format: 'keras',
    madeBy: 'Keras 3.15.0',
    inputShape: [28, 28, 1],
    parameters: 170,
    layers: [
      { name: 'average_pooling2d', use: 'averagePooling2d', outputShape: [4, 4, 1], parameters: 0 },
      { name: 'flatten', use: 'flatten', outputShape: [16], parameters: 0 },
      { name: 'dense', use: 'dense', outputShape: [10], parameters: 170 },
      { name: 'activation', use: 'activation', outputShape: [10], parameters: 0 }
    ]
  })
  expect(await inspectModel(file('outputs.json'), describeLayer)).toBeNull()
})

describe('an export of ours comes back', () => {
  test('with its data, its layers and its answers', async () => {
    const experiment = experimentOf([
      { use: 'conv2d', filters: 4, kernelSize: [3, 2], padding: 'same', activation: 'leakyRelu' },
      { use: 'batchNormalization', epsilon: 0.01 },
      { use: 'maxPooling2d', size: 2 },
      { use: 'flatten' },
      { use: 'dense', units: 7, activation: 'sigmoid', name: 'softmax' },
      { use: 'dropout', rate: 0.5 },
      { use: 'dense', units: 2, initializer: { use: 'randomNormal', stddev: 0.5 } }
    ])
    const artifact = artifactOf(experiment, [6, 6, 1], 20)
    const path = join(await temporaryFolder(), 'model')
    await exportModel({ artifact, format: 'tfjs', path, overwrite: false })
    const composed = composedOf(await importedFrom(path))
    expect(composed.experiment.model.layers.map(({ use, name }) => name ?? use)).toEqual([
      'conv2d',
      'batchNormalization',
      'maxPooling2d',
      'flatten',
      'softmax',
      'dropout',
      'dense'
    ])
    expect({ ...composed.experiment, model: null }).toEqual({ ...experiment, model: null })
    const samples = { shape: [20], values: Array.from(artifact.samples) }
    const again = artifactOf(composed.experiment, [6, 6, 1], 20)
    const answers = answersOf(composed, samples, [6, 6, 1])
    expect(answers).not.toEqual(Array.from(again.outputs))
    const expected = answersOf({ experiment, tensors: artifact.tensors }, samples, [6, 6, 1])
    expect(relativeError(answers, expected)).toBeLessThan(1e-6)
  })

  test('with residuals and normalized weights, which have become plain ones', async () => {
    const experiment = experimentOf([
      {
        use: 'residual',
        shortcut: 'projection',
        activation: 'relu',
        layers: [
          { use: 'conv2d', filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'leakyRelu' },
          { use: 'batchNormalization', name: 'calm' }
        ]
      },
      { use: 'flatten' },
      { use: 'residual', layers: [{ use: 'dense', units: 27, activation: 'gelu' }] },
      { use: 'weightNormalization', layer: { use: 'dense', units: 2 } }
    ])
    const artifact = artifactOf(experiment, [6, 6, 1], 20)
    const path = join(await temporaryFolder(), 'model')
    await exportModel({ artifact, format: 'tfjs', path, overwrite: false })
    const composed = composedOf(await importedFrom(path))
    const [first, second, third] = experiment.model.layers
    expect(composed.experiment.model.layers).toEqual([
      first,
      second,
      third,
      expect.objectContaining({ use: 'dense', units: 2 })
    ])
    const samples = { shape: [20], values: Array.from(artifact.samples) }
    const expected = answersOf({ experiment, tensors: artifact.tensors }, samples, [6, 6, 1])
    expect(relativeError(answersOf(composed, samples, [6, 6, 1]), expected)).toBeLessThan(1e-6)
  })

  test('with the preparation of its targets', async () => {
    const experiment = experimentOf([{ use: 'dense', units: 1 }], {
      data: { source: { use: 'digits' }, prepare: [{ use: 'scale', by: 0.01, on: 'targets' }] },
      loss: { use: 'meanSquaredError' }
    })
    const path = join(await temporaryFolder(), 'model')
    await exportModel({ artifact: artifactOf(experiment, [3], 10), format: 'tfjs', path, overwrite: false })
    const { prepare } = composedOf(await importedFrom(path)).experiment.data
    expect(prepare).toEqual([{ use: 'scale', by: expect.closeTo(0.01, 9) as number, on: 'targets' }])
  })

  test('with its preparation, whatever layers that has become', async () => {
    const experiment = experimentOf([{ use: 'flatten' }, { use: 'dense', units: 2 }], {
      data: { source: { use: 'digits' }, prepare: [{ use: 'standardize' }] }
    })
    const plan = {
      ...planOf(experiment, [2, 2, 2]),
      features: [{ use: 'affine' as const, subtract: [100, 90], multiply: [0.01, 0.02] }]
    }
    const artifact = artifactOf(experiment, [2, 2, 2], 20, plan)
    const path = join(await temporaryFolder(), 'model')
    await exportModel({ artifact, format: 'tfjs', path, overwrite: false })
    const { experiment: imported, tensors } = composedOf(await importedFrom(path))
    expect(imported).toEqual(experiment)
    expect(tensors).toEqual(artifact.tensors)
    expect((await inspectModel(path, describeLayer))?.layers.flatMap(({ problem }) => problem ?? [])).toEqual(
      []
    )
    // Other data has another preparation, so that of the model must be representable.
    const { composed, model } = await importedFrom(path, groundOf([2, 2, 2]))
    expect([composed, model.layers[0].problem?.key]).toEqual([undefined, 'import.why.option'])
  })

  test('as a model like any other when the experiment beside it is damaged', async () => {
    const path = join(await temporaryFolder(), 'model')
    const artifact = artifactOf(experimentOf([{ use: 'dense', units: 2 }]), [3], 10)
    await exportModel({ artifact, format: 'tfjs', path, overwrite: false })
    await writeFile(join(path, 'steadygrad.json'), '{"experiment": {"version": 7}}')
    await expect(importedFrom(path)).rejects.toMatchObject({ key: 'import.needsBase' })
  })
})

describe('a file that is not what it seems', () => {
  const spoiled = async (name: string, change: (bytes: Buffer) => Buffer): Promise<string> => {
    const path = join(await temporaryFolder(), name)
    await writeFile(path, change(await readFile(file(name))))
    return path
  }

  test.each([
    ['table.h5', 'import.noModelInside'],
    ['only.weights.h5', 'import.weightsOnly'],
    ['outputs.json', 'import.unknownFormat'],
    ['make.py', 'import.unknownFormat'],
    ['gone.keras', 'storage.notFound']
  ])('%s: %s', async (name, key) => {
    await expect(importedFrom(file(name))).rejects.toMatchObject({ key, values: { path: file(name) } })
  })

  test('an .h5 that is a text', async () => {
    const path = join(await temporaryFolder(), 'letter.h5')
    await writeFile(path, 'dear')
    await expect(importedFrom(path)).rejects.toMatchObject({ key: 'import.notHdf5', values: { path } })
    await expect(inspectModel(path, describeLayer)).rejects.toMatchObject({ key: 'import.notHdf5' })
  })

  test('a file that is cut off', async () => {
    const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2)
    await expect(importedFrom(await spoiled('images.h5', half))).rejects.toMatchObject({
      key: 'import.notHdf5'
    })
    await expect(importedFrom(await spoiled('images.keras', half))).rejects.toMatchObject({
      key: 'import.notZip'
    })
  })

  test('a model of an unknown version of Keras', async () => {
    const path = await spoiled('functional.h5', (bytes) => {
      const text = bytes.toString('latin1').replaceAll('3.15.0', '9.15.0')
      return Buffer.from(text, 'latin1')
    })
    await expect(importedFrom(path, groundOf([5]))).rejects.toMatchObject({
      key: 'import.kerasVersion',
      values: { path, version: 'Keras 9.15.0' }
    })
  })

  test('a folder with a SavedModel', async () => {
    const path = await temporaryFolder()
    await cp(file('make.py'), join(path, 'saved_model.pb'))
    await expect(importedFrom(path)).rejects.toMatchObject({ key: 'import.savedModel', values: { path } })
  })
})
