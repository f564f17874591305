import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import type { ModelArtifact } from '#contract/trainer'
import { exportModel } from '../../src-main/exporters/export-model'
import { exporters } from '../../src-main/exporters'
import { describeModel } from '../../src-main/models/inspect'
import { startCpu } from '../oracles/cpu'
import { temporaryFolder } from '../fixtures/folder'
import { artifactOf, experimentOf, planOf } from './artifact'

beforeAll(startCpu)

const denseExperiment = experimentOf([{ use: 'dense', units: 2, name: 'out' }])
const dense = (weights: number[], samples: number[], outputs: number[]): ModelArtifact => ({
  experiment: denseExperiment,
  preparation: planOf(denseExperiment, [2]),
  model: describeModel(denseExperiment.model.layers, [2]),
  classes: ['zero', 'one'],
  tensors: [
    { name: 'out/kernel', shape: [2, 2], values: Float32Array.from(weights) },
    { name: 'out/bias', shape: [2], values: Float32Array.from([0.5, 0]) }
  ],
  samples: Float32Array.from(samples),
  prepared: Float32Array.from(samples, (value) => value / 255),
  outputs: Float32Array.from(outputs)
})
/** Raw [255, 0] and [0, 255] become [1, 0] and [0, 1]: the outputs are the kernel's rows plus the bias. */
const small = dense([1, 2, 3, 4], [255, 0, 0, 255], [1.5, 2, 3.5, 4])

const allLayers: ExperimentInput['model']['layers'] = [
  { use: 'conv2d', filters: 4, kernelSize: [3, 2], padding: 'same', activation: 'leakyRelu' },
  { use: 'batchNormalization', epsilon: 0.01 },
  { use: 'activation', activation: 'leakyRelu' },
  { use: 'maxPooling2d', size: 2, padding: 'same' },
  { use: 'conv2d', filters: 3, kernelSize: 2, strides: 2, useBias: false, activation: 'elu' },
  { use: 'averagePooling2d', size: [2, 1], strides: 1 },
  { use: 'activation', activation: 'tanh' },
  { use: 'flatten' },
  { use: 'dense', units: 7, activation: 'sigmoid', name: 'softmax' },
  { use: 'batchNormalization' },
  { use: 'flatten' },
  { use: 'dropout', rate: 0.5 },
  { use: 'dense', units: 2, initializer: { use: 'randomNormal', stddev: 0.5 } }
]

describe('an export', () => {
  test('holds the model, its weights and where it comes from', async () => {
    const path = join(await temporaryFolder(), 'deep', 'model')
    const report = await exportModel({ artifact: small, format: 'tfjs', path, overwrite: false })
    const names = await readdir(path)
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    expect(report).toEqual({
      format: 'tfjs',
      path,
      bytes,
      samples: 2,
      largestDifference: expect.closeTo(0, 5) as number,
      relativeDifference: expect.closeTo(0, 5) as number
    })
    const weights = await readFile(join(path, 'weights.bin'))
    expect(new Float32Array(weights.buffer.slice(weights.byteOffset, weights.byteOffset + 24))).toEqual(
      Float32Array.from([1, 2, 3, 4, 0.5, 0])
    )
    expect(JSON.parse(await readFile(join(path, 'steadygrad.json'), 'utf8'))).toMatchObject({
      source: { use: 'digits' },
      classes: ['zero', 'one'],
      input: { shape: [2], values: 'raw' },
      output: 'probabilities',
      addedLayers: ['prepare', 'softmax'],
      experiment: { model: { layers: [{ use: 'dense', units: 2 }] } }
    })
  })

  test('answers for raw samples as the trained model does, with every layer and activation', async () => {
    const artifact = artifactOf(experimentOf(allLayers), [12, 10, 2])
    const path = join(await temporaryFolder(), 'model')
    const report = await exportModel({ artifact, format: 'tfjs', path, overwrite: false })
    expect(report.samples).toBe(100)
    expect(report.largestDifference).toBeLessThan(1e-5)
    // Equal answers for every sample would say nothing.
    expect(new Set(artifact.outputs.map((value) => Math.round(value * 1e3))).size).toBeGreaterThan(20)
  })

  test('of a regression gives targets as they were before they were scaled', async () => {
    const experiment = experimentOf([{ use: 'dense', units: 1, name: 'out' }], {
      data: { source: { use: 'digits' }, prepare: [{ use: 'scale', by: 0.01, on: 'targets' }] },
      loss: { use: 'meanSquaredError' }
    })
    const artifact = artifactOf(experiment, [3], 10)
    const path = join(await temporaryFolder(), 'model')
    await exportModel({ artifact, format: 'tfjs', path, overwrite: false })
    const answers = await exporters.tfjs.readBack(path, artifact.samples, [3])
    expect(Array.from(answers)).toEqual(
      Array.from(artifact.outputs, (value) => expect.closeTo(value * 100, 1) as number)
    )
  })

  test('takes raw samples of standardized columns, though their means are far from 0', async () => {
    const experiment = experimentOf([{ use: 'dense', units: 3, name: 'out' }], {
      loss: { use: 'meanSquaredError' }
    })
    const affine = { use: 'affine' as const, subtract: [1e6, -3, 127.5], multiply: [1 / 60, 0.25, 1 / 70] }
    const targets = { use: 'affine' as const, subtract: [5, 0, -7], multiply: [0.5, 4, 1] }
    const plan = { ...planOf(experiment, [3]), features: [affine], targets }
    const artifact = artifactOf(experiment, [3], 20, plan)
    const path = join(await temporaryFolder(), 'model')
    await exportModel({ artifact, format: 'tfjs', path, overwrite: false })
    const answers = await exporters.tfjs.readBack(path, artifact.samples, [3])
    answers.forEach((answer, i) =>
      expect(answer / (artifact.outputs[i] / targets.multiply[i % 3] + targets.subtract[i % 3])).toBeCloseTo(
        1,
        4
      )
    )
  })

  test('takes prepared samples where the format has no layers for the preparation, and says how', async () => {
    const experiment = experimentOf([{ use: 'flatten' }, { use: 'dense', units: 2 }])
    const features = [
      { use: 'grayscale' as const },
      { use: 'resize' as const, height: 3, width: 3 },
      { use: 'affine' as const, subtract: [100], multiply: [0.01] }
    ]
    const plan = { ...planOf(experiment, [5, 6, 3]), shape: [3, 3, 1], features }
    const artifact = artifactOf(experiment, [5, 6, 3], 20, plan)
    const path = join(await temporaryFolder(), 'model')
    const report = await exportModel({ artifact, format: 'tfjs', path, overwrite: false })
    expect(report.samples).toBe(20)
    expect(JSON.parse(await readFile(join(path, 'steadygrad.json'), 'utf8'))).toMatchObject({
      input: { shape: [3, 3, 1], values: 'prepared' },
      preparation: plan,
      addedLayers: ['softmax']
    })
  })

  test('of weights that are not numbers is what the model is', async () => {
    const artifact = dense([NaN, 2, 3, 4], [255, 0, 0, 255], [NaN, 2, NaN, 4])
    const path = join(await temporaryFolder(), 'model')
    const report = await exportModel({ artifact, format: 'tfjs', path, overwrite: false })
    expect(report.largestDifference).toBe(0)
  })
})

describe('nothing is left on disk', () => {
  test('when the read-back differs', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'model')
    const artifact = dense([1, 2, 3, 4], [255, 0, 0, 255], [1.5, 2, 3.5, 4.1])
    await expect(exportModel({ artifact, format: 'tfjs', path, overwrite: false })).rejects.toMatchObject({
      key: 'export.differs',
      values: { path, limit: 1e-4 }
    })
    expect(await readdir(folder)).toEqual([])
  })

  test('when the export cannot be loaded', async () => {
    const folder = await temporaryFolder()
    const artifact = { ...small, tensors: small.tensors.slice(0, 1) }
    const path = join(folder, 'model')
    await expect(exportModel({ artifact, format: 'tfjs', path, overwrite: false })).rejects.toThrow(
      'out/bias'
    )
    expect(await readdir(folder)).toEqual([])
  })

  test('when a difference is not even a number', async () => {
    const folder = await temporaryFolder()
    const table = {
      tfjs: { ...exporters.tfjs, readBack: () => Promise.resolve(new Float32Array(4).fill(NaN)) }
    }
    await expect(
      exportModel(
        { artifact: small, format: 'tfjs', path: join(folder, 'model'), overwrite: false },
        undefined,
        table
      )
    ).rejects.toMatchObject({ key: 'export.differs' })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a place that is taken', () => {
  const order = (path: string, overwrite: boolean) => ({
    artifact: small,
    format: 'tfjs' as const,
    path,
    overwrite
  })

  test('by an earlier export is replaced only when that is wished, and then as a whole', async () => {
    const path = join(await temporaryFolder(), 'model')
    await exportModel(order(path, false))
    await writeFile(join(path, 'old'), '')
    await expect(exportModel(order(path, false))).rejects.toMatchObject({
      key: 'export.exists',
      values: { path }
    })
    await exportModel(order(path, true))
    expect((await readdir(path)).sort()).toEqual(['model.json', 'steadygrad.json', 'weights.bin'])
  })

  test('by an earlier export stays when its replacement fails', async () => {
    const path = join(await temporaryFolder(), 'model')
    await exportModel(order(path, false))
    const before = await readFile(join(path, 'model.json'), 'utf8')
    const artifact = { ...small, outputs: Float32Array.from([0, 0, 0, 9]) }
    await expect(exportModel({ ...order(path, true), artifact })).rejects.toMatchObject({
      key: 'export.differs'
    })
    expect(await readFile(join(path, 'model.json'), 'utf8')).toBe(before)
  })

  test('by something else is never replaced', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'letter.txt'), 'dear')
    const file = join(folder, 'letter.txt')
    for (const path of [folder, file])
      await expect(exportModel(order(path, true))).rejects.toMatchObject({
        key: 'export.notAnExport',
        values: { path }
      })
    expect(await readFile(file, 'utf8')).toBe('dear')
  })

  test('by an empty folder is free', async () => {
    const path = join(await temporaryFolder(), 'empty')
    await mkdir(path)
    await exportModel(order(path, false))
    expect(await readdir(path)).toHaveLength(3)
  })
})
