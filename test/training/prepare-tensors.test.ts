import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import type { Affine, Operation, PreparationPlan } from '#contract/preparation'
import { randomFrom } from '#contract/random'
import { prepareSamples, prepareTargets, rawTargets } from '../../src-main/datasets/preparation/apply'
import { layoutAfter } from '../../src-main/datasets/preparation/layout'
import { startEngine } from '../../src-main/engine/backends'
import { eagerTensor } from '../../src-main/engine/compile/fed'
import { fedOf, feedSamplesOf } from '../../src-main/training/feed'
import type { BatchArrays } from '../../src-main/training/step'
import { prepareTensors } from '../../src-main/training/prepare-tensors'
import { relativeError } from '../oracles/closeness'

const planOf = (sampleShape: number[], features: Operation[], targets?: Affine): PreparationPlan => ({
  version: 1,
  sampleShape,
  shape: features.reduce(
    (shape: readonly number[], each) => layoutAfter(each, { shape }).shape,
    sampleShape
  ) as number[],
  features,
  ...(targets && { targets }),
  cleaned: []
})
const affine = (subtract: number[], multiply: number[]): Affine => ({ use: 'affine', subtract, multiply })

/** Every operation there is, alone and in rows, for samples of images, tables and sequences. */
const plans: [string, PreparationPlan][] = [
  ['nothing', planOf([5], [])],
  ['one factor', planOf([3, 3, 2], [affine([0], [1 / 255])])],
  ['a large mean and a small deviation', planOf([3], [affine([2000.37, 5, 0], [10, 1 / 3, 1])])],
  ['a sequence', planOf([4, 2], [affine([1, -1], [0.5, 2])])],
  ['filling', planOf([3], [{ use: 'fill', values: [1.5, -2, 0.1] }])],
  ['clipping', planOf([2, 2, 3], [{ use: 'clip', lowest: [40, 0.1, 90], highest: [100, 200.3, 91] }])],
  ['clipping what is missing', planOf([2], [{ use: 'clip', lowest: [90, 1], highest: [100, 2] }])],
  ['one-hot columns at both ends', planOf([5], [{ use: 'oneHot', sizes: [3, 0, 0, 0, 4] }])],
  ['nothing but one-hot columns', planOf([2], [{ use: 'oneHot', sizes: [2, 200] }])],
  ['larger', planOf([3, 4, 2], [{ use: 'resize', height: 7, width: 9 }])],
  ['smaller', planOf([9, 8, 1], [{ use: 'resize', height: 4, width: 3 }])],
  ['gray', planOf([2, 3, 3], [{ use: 'grayscale' }])],
  ['three channels of one', planOf([2, 3, 1], [{ use: 'repeat', channels: 3 }])],
  [
    'everything for an image',
    planOf(
      [6, 5, 3],
      [
        { use: 'fill', values: [1, 2, 3] },
        { use: 'grayscale' },
        { use: 'resize', height: 4, width: 4 },
        affine([100.5], [1 / 60]),
        { use: 'repeat', channels: 3 }
      ]
    )
  ],
  [
    'everything for a table',
    planOf(
      [4],
      [
        { use: 'fill', values: [1, 2, 3, 4] },
        { use: 'clip', lowest: [0, 50, 0, 0], highest: [9, 60, 255, 255] },
        { use: 'oneHot', sizes: [0, 0, 0, 5] },
        affine([1, 2, 3, 0, 0, 0, 0, 0], [0.1, 0.2, 0.3, 1, 1, 1, 1, 1])
      ]
    )
  ]
]
const COUNT = 4
const sizeOf = (shape: number[]): number => shape.reduce((product, each) => product * each, 1)
const bytesFor = (name: string, { sampleShape }: PreparationPlan): Uint8Array => {
  const random = randomFrom(name)
  return Uint8Array.from({ length: COUNT * sizeOf(sampleShape) }, () => Math.floor(random() * 256))
}

describe.each(['cpu', 'wasm', 'native-cpu'] as const)('on %s', (engine) => {
  test.each(plans)('preparing samples with %s gives what JavaScript gives', async (name, plan) => {
    await startEngine(engine)
    const bytes = bytesFor(name, plan)
    const onEngine = (samples: Uint8Array | Float32Array): number[] =>
      tf.tidy(() => {
        const tensor = feedSamplesOf(plan)(COUNT, samples)
        expect(tensor.shape).toEqual([COUNT, ...plan.shape])
        return Array.from(tensor.dataSync())
      })
    const mixesPixels = plan.features.some(({ use }) => use === 'resize' || use === 'grayscale')
    if (mixesPixels) {
      // An engine may multiply and add at once, which rounds once instead of twice.
      const expected = Array.from(prepareSamples(plan, bytes))
      return expect(relativeError(onEngine(bytes), expected)).toBeLessThan(1e-6)
    }
    // Values that are no bytes, among them categories, what is missing, and both infinities.
    const odd = [0.1, 3, NaN, Infinity, 1, -Infinity, 40.5]
    const floats = Float32Array.from(bytes, (value, i) => (i % 2 === 0 ? value / 7 : odd[i % odd.length]))
    for (const samples of [bytes, floats])
      expect(onEngine(samples)).toEqual(Array.from(prepareSamples(plan, samples)))
  })

  test('targets and the error of outputs are in prepared and in raw units', async () => {
    await startEngine(engine)
    const targets = affine([10, -1], [0.5, -4])
    const plan = planOf([1], [], targets)
    const { targets: prepare, error } = prepareTensors(plan)
    const raw = Float32Array.of(12, 0, 8, -2)
    const outputs = Float32Array.of(0, 0, 0, 0)
    const [prepared, mae] = tf.tidy(() => {
      const inputs = fed({ count: 2, features: Uint8Array.of(0, 0), targets: raw, seed: [1, 1] })
      const ready = prepare(inputs.targets)
      return [ready.dataSync(), error?.(tf.tensor2d(outputs, [2, 2]), ready).dataSync()]
    })
    expect(Array.from(prepared ?? [])).toEqual([1, -4, -1, 4])
    expect(Array.from(prepareTargets(raw, targets))).toEqual([1, -4, -1, 4])
    // Outputs of 0 mean 10 and −1: they are off by 2, 1, 2 and 1.
    expect(mae?.[0]).toBeCloseTo(1.5, 6)
    expect(Array.from(rawTargets([1, -4, -1, 4], targets))).toEqual(Array.from(raw))
  })
})

/** A batch of samples of one number as tensors, as a program sees it. */
const fed = (batch: BatchArrays): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(fedOf(batch, [1])).map(([name, value]) => [name, eagerTensor(value)]))

test('classes, and shares of classes, reach the loss as they are', async () => {
  await startEngine('cpu')
  const plan = planOf([1], [affine([0], [2])])
  const { targets: prepare, error } = prepareTensors(plan)
  const batch = { count: 2, features: Uint8Array.of(3, 4), seed: [1, 1] as const }
  tf.tidy(() => {
    const hard = fed({ ...batch, targets: Int32Array.of(2, 0) })
    expect([hard.targets.dtype, hard.targets.shape, hard.weights]).toEqual(['int32', [2], undefined])
    expect(prepare(hard.targets)).toBe(hard.targets)
    const soft = fed({
      ...batch,
      targets: Float32Array.of(0.5, 0.5, 0, 1, 0, 0),
      weights: Float32Array.of(1, 3)
    })
    expect([soft.targets.dtype, soft.targets.shape]).toEqual(['float32', [2, 3]])
    expect(Array.from(soft.weights.dataSync())).toEqual([1, 3])
  })
  expect(error).toBeUndefined()
})
