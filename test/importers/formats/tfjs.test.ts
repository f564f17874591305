import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseExperiment } from '#contract/experiment'
import { importModel } from '../../../src-main/importers/import-model'
import { describeLayer } from '../../../src-main/models/inspect'
import { temporaryFolder } from '../../fixtures/folder'
import { relativeError } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'
import { answersOf } from '../answers'

beforeAll(startCpu)

const ground = {
  featureShape: [6, 5, 2],
  experiment: parseExperiment({
    version: 1,
    data: { source: { use: 'digits' } },
    model: { layers: [{ use: 'flatten' }] },
    loss: { use: 'meanSquaredError' },
    gradients: [{ use: 'sgd', rate: 0.5 }],
    training: { batchSize: 4, steps: 3 }
  })
}
const read = (path: string) => importModel(path, ground, describeLayer)

interface Files {
  model: Record<string, unknown> & {
    weightsManifest: { paths: string[]; weights: Record<string, unknown>[] }[]
  }
  weights: Uint8Array
}

/** A model that TensorFlow.js made and saved, what it answers, and its files. */
async function savedModel() {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [6, 5, 2], filters: 3, kernelSize: 2, activation: 'relu' }),
      layers.flatten(),
      layers.batchNormalization(),
      layers.dense({ units: 3, activation: 'softmax', name: 'last' })
    ]
  })
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' })
  const samples = tf.randomUniform([4, 6, 5, 2], 0, 1, 'float32', 3)
  const answers = Array.from((model.predict(samples) as tf.Tensor).dataSync())
  let saved: tf.io.ModelArtifacts | undefined
  const handler: tf.io.IOHandler = {
    save: async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }
  }
  await model.save(handler, { includeOptimizer: true })
  const { weightSpecs = [], weightData, ...described } = saved as tf.io.ModelArtifacts
  const files: Files = {
    model: {
      ...described,
      weightsManifest: [
        { paths: ['weights.bin'], weights: weightSpecs as unknown as Record<string, unknown>[] }
      ]
    },
    weights: new Uint8Array(weightData as ArrayBuffer)
  }
  return { samples: { shape: [4, 6, 5, 2], values: Array.from(samples.dataSync()) }, answers, files }
}

async function write({ model, weights }: Files): Promise<string> {
  const folder = join(await temporaryFolder(), 'model')
  await mkdir(folder)
  await writeFile(join(folder, 'model.json'), JSON.stringify(model))
  const [{ paths }] = model.weightsManifest
  for (const [index, path] of paths.entries())
    await writeFile(
      join(folder, path),
      weights.subarray(
        Math.floor((weights.length * index) / paths.length),
        Math.floor((weights.length * (index + 1)) / paths.length)
      )
    )
  return folder
}

test('a model that TensorFlow.js saved answers as it did, from its folder and from its file', async () => {
  const { samples, answers, files } = await savedModel()
  const path = await write(files)
  for (const given of [path, join(path, 'model.json')]) {
    const { composed, model } = await read(given)
    if (!composed) throw new Error(JSON.stringify(model))
    expect(relativeError(answersOf(composed, samples, [6, 5, 2]), answers)).toBeLessThan(1e-5)
    expect(composed.experiment).toMatchObject({
      name: 'model',
      loss: { use: 'softmaxCrossEntropy' },
      gradients: [{ use: 'adam', rate: 0.001, beta1: 0.9, beta2: 0.999 }]
    })
    expect(composed.experiment.model.layers.map(({ use, name }) => name ?? use)).toEqual([
      'conv2d',
      'flatten',
      'batchNormalization',
      'last'
    ])
  }
})

test('weights may lie in several files, cut anywhere', async () => {
  const { files } = await savedModel()
  const whole = await read(await write(files))
  files.model.weightsManifest[0].paths = ['a.bin', 'b.bin', 'c.bin']
  expect((await read(await write(files))).composed?.tensors).toEqual(whole.composed?.tensors)
})

test('a model that was converted from Keras has its words one level deeper', async () => {
  const { files } = await savedModel()
  const topology = files.model.modelTopology as { class_name: string; config: object }
  const { class_name, config } = topology
  const converted = {
    ...files,
    model: {
      ...files.model,
      modelTopology: { keras_version: '2.15.0', model_config: { class_name, config } }
    }
  }
  const { composed } = await read(await write(converted))
  expect(composed?.experiment.model.layers).toHaveLength(4)
})

describe('quantized weights are what they stand for', () => {
  test.each([
    ['uint8', (bytes: number) => new Uint8Array(bytes / 4).fill(200), 200 * 0.5 - 3],
    [
      'uint16',
      (bytes: number) => new Uint8Array(new Uint16Array(bytes / 4).fill(1000).buffer),
      1000 * 0.5 - 3
    ],
    ['float16', (bytes: number) => new Uint8Array(new Uint16Array(bytes / 4).fill(0xc140).buffer), -2.625]
  ])('%s', async (dtype, quantize, expected) => {
    const { files } = await savedModel()
    for (const weight of files.model.weightsManifest[0].weights)
      weight.quantization = {
        dtype,
        ...(dtype !== 'float16' && { scale: 0.5, min: -3, original_dtype: 'float32' })
      }
    const { composed } = await read(await write({ ...files, weights: quantize(files.weights.length) }))
    const values = composed?.tensors.flatMap(({ values }) => Array.from(values))
    expect(new Set(values)).toEqual(new Set([expected]))
  })
})

describe('a model is refused', () => {
  const spoiled = async (change: (files: Files) => Files | void) => {
    const { files } = await savedModel()
    const path = await write(change(files) ?? files)
    return expect(read(path)).rejects
  }

  test('when a weights file is cut off or too long', async () => {
    for (const length of [4, 0]) {
      const weights = new Uint8Array(length)
      const refused = await spoiled((files) => ({ ...files, weights }))
      await refused.toMatchObject({
        key: 'import.wrongBytes',
        values: { found: length, files: 'weights.bin' }
      })
    }
    const refused = await spoiled((files) => ({
      ...files,
      weights: new Uint8Array(files.weights.length + 1)
    }))
    await refused.toMatchObject({ key: 'import.wrongBytes' })
  })

  test('when a weights file is not there', async () => {
    const path = await write((await savedModel()).files)
    const text = await readFile(join(path, 'model.json'), 'utf8')
    await writeFile(join(path, 'model.json'), text.replace('weights.bin', 'gone.bin'))
    await expect(read(path)).rejects.toMatchObject({
      key: 'import.missingShard',
      values: { name: 'gone.bin' }
    })
  })

  test.each(['../weights.bin', '/etc/hostname', '..', 7])('when it points at the file %s', async (name) => {
    const path = await write((await savedModel()).files)
    const text = await readFile(join(path, 'model.json'), 'utf8')
    await writeFile(join(path, 'model.json'), text.replace('"weights.bin"', JSON.stringify(name)))
    await expect(read(path)).rejects.toMatchObject({ key: 'import.badShard' })
  })

  test('when shapes would need more than fits into memory, before anything is allocated', async () => {
    const refused = await spoiled(({ model }) => {
      model.weightsManifest[0].weights[0].shape = [100_000, 100_000]
    })
    await refused.toMatchObject({ key: 'import.tooLarge' })
  })

  test('when a weight is missing, or has another shape, than its layer needs', async () => {
    const missing = await spoiled(({ model }) => {
      model.weightsManifest[0].weights[0].name = 'other/kernel'
    })
    await missing.toMatchObject({ key: 'import.missingWeight', values: { weight: 'kernel' } })
    const turned = await spoiled(({ model }) => {
      const [kernel] = model.weightsManifest[0].weights
      kernel.shape = (kernel.shape as number[]).toReversed()
    })
    await turned.toMatchObject({
      key: 'import.wrongShape',
      values: { weight: 'kernel', expected: '[2, 2, 2, 3]', found: '[3, 2, 2, 2]' }
    })
  })

  test.each<[string, (model: Files['model']) => void, object]>([
    ['a graph model', (model) => (model.format = 'graph-model'), { key: 'import.graphModel' }],
    [
      'no topology',
      (model) => (model.modelTopology = null),
      { key: 'import.badPart', values: { part: 'modelTopology' } }
    ],
    [
      'no list of layers',
      (model) => (model.modelTopology = { class_name: 'Sequential', config: { layers: 3 } }),
      { key: 'import.badPart', values: { part: 'config.layers' } }
    ],
    [
      'a layer that is none',
      (model) => (model.modelTopology = { class_name: 'Sequential', config: { layers: [null] } }),
      { key: 'import.badPart', values: { part: 'config.layers[0]' } }
    ],
    [
      'a class of its own',
      (model) => (model.modelTopology = { class_name: 'Mine', config: {} }),
      { key: 'import.customModel', values: { className: 'Mine' } }
    ],
    [
      'keys of every object',
      (model) =>
        (model.modelTopology = JSON.parse(
          '{"class_name": "constructor", "__proto__": {"class_name": "Sequential"}, "config": {"layers": []}}'
        ) as object),
      { key: 'import.customModel', values: { className: 'constructor' } }
    ],
    [
      'a weight that is no list of lengths',
      (model) => (model.weightsManifest[0].weights[1].shape = [-1]),
      { key: 'import.badPart', values: { part: 'weightsManifest[0].weights[1]' } }
    ],
    [
      'a weight of texts',
      (model) => (model.weightsManifest[0].weights[0].dtype = 'string'),
      { key: 'import.notNumbers' }
    ]
  ])('for %s', async (_, change, failure) => {
    const refused = await spoiled(({ model }) => void change(model))
    await refused.toMatchObject(failure)
  })

  test('when it is not JSON', async () => {
    const path = join(await temporaryFolder(), 'model.json')
    await writeFile(path, '{"modelTopology": ')
    await expect(read(path)).rejects.toMatchObject({ key: 'storage.notJson', values: { path } })
  })
})
