import { describe, expect, test } from 'vitest'
import type { Augmentation } from '#contract/vocabulary'
import { augmentation, vocabulary } from '#contract/vocabulary'
import { randomFrom } from '#contract/random'
import { augmentationOf, augmentBatch } from '../../../src-main/datasets/augmentation'
import type { TargetValues } from '../../../src-main/datasets/reader'
import { ascending, datasetOf } from '../../fixtures/dataset'

const SHAPE = [8, 6, 2]
const SIZE = 8 * 6 * 2
const dataset = datasetOf(SHAPE)
/** Pictures of random bytes. */
const pictures = (count: number): Uint8Array<ArrayBuffer> => {
  const random = randomFrom('pictures')
  return Uint8Array.from({ length: count * SIZE }, () => Math.floor(256 * random()))
}
const step = (value: object): Augmentation => augmentation.parse(value)
const words = Object.keys(vocabulary.augmentations)
/** Each word with a strength that changes much, and with one that changes nothing. */
const strong: Record<string, object> = {
  shift: { by: 0.5 },
  rotate: { degrees: 90 },
  zoom: { by: 0.5 },
  flip: { probability: 1, axis: 'both' },
  noise: { stddev: 20 },
  cutout: { size: 0.5, value: -1 },
  brightness: { by: 50 },
  elastic: { strength: 60, smoothness: 2 },
  mixup: { alpha: 1 }
}
const weak: Record<string, object> = {
  shift: { by: 0 },
  rotate: { degrees: 0 },
  zoom: { by: 0 },
  flip: { probability: 0 },
  noise: { stddev: 0 },
  cutout: { size: 0 },
  brightness: { by: 0 },
  elastic: { strength: 0 },
  mixup: { alpha: 0 }
}
interface Batch {
  indices?: number[]
  epoch?: number
  seed?: number
  features?: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>
  targets?: TargetValues
}
function augment(
  steps: object[],
  { indices = [0, 1, 2], epoch = 0, seed = 1, features, targets }: Batch = {}
) {
  const order = augmentationOf(steps.map(step), dataset, seed)
  const all = pictures(10)
  const gathered = {
    features:
      features ??
      Uint8Array.from(indices.flatMap((index) => [...all.subarray(index * SIZE, (index + 1) * SIZE)])),
    targets: targets ?? Int32Array.from(indices, (index) => index % 3)
  }
  const before = gathered.features.slice()
  const result = augmentBatch(order, gathered, Uint32Array.from(indices), epoch)
  expect(gathered.features).toEqual(before)
  return result
}
const sampleOf = ({ features }: { features: ArrayLike<number> }, row: number): number[] =>
  Array.from(features).slice(row * SIZE, (row + 1) * SIZE)

test.each(words)('%s at zero strength changes nothing', (use) => {
  const { features } = augment([{ use, ...weak[use] }])
  expect(Array.from(features)).toEqual(Array.from(pictures(3)))
})

test.each(words)('%s is decided by seed, epoch and sample', (use) => {
  const steps = [{ use, ...strong[use] }]
  const first = augment(steps)
  expect(augment(steps)).toEqual(first)
  expect(Array.from(first.features)).not.toEqual(Array.from(pictures(3)))
  // A flip that is certain is the same in every epoch.
  if (use === 'flip') return
  expect(augment(steps, { epoch: 1 }).features).not.toEqual(first.features)
  expect(augment(steps, { seed: 2 }).features).not.toEqual(first.features)
})

test.each(words.filter((use) => use !== 'mixup'))('%s makes of a sample the same in every batch', (use) => {
  const steps = [{ use, ...strong[use] }]
  const one = sampleOf(augment(steps, { indices: [5] }), 0)
  expect(sampleOf(augment(steps, { indices: [7, 5, 2] }), 1)).toEqual(one)
  // Two samples meet different fates.
  const features = pictures(2)
  features.copyWithin(SIZE, 0, SIZE)
  const twins = augment(steps, { indices: [3, 4], features })
  if (use !== 'flip') expect(sampleOf(twins, 0)).not.toEqual(sampleOf(twins, 1))
})

test.each(words)('%s keeps bytes between 0 and 255, but for a value that it is given', (use) => {
  const { features } = augment([{ use, ...strong[use] }], { indices: ascending(10) })
  const low = use === 'cutout' ? -1 : 0
  expect(features.every((value) => value >= low && value <= 255)).toBe(true)
})

test('numbers that are no bytes may leave their range', () => {
  const order = augmentationOf(
    [step({ use: 'noise', stddev: 500 })],
    datasetOf([4], { featureType: 'float32' }),
    1
  )
  const { features } = augmentBatch(
    order,
    { features: new Float32Array(400), targets: new Int32Array(100) },
    Uint32Array.from(ascending(100)),
    0
  )
  expect(Math.min(...features)).toBeLessThan(-255)
  expect(Math.max(...features)).toBeGreaterThan(255)
})

test('steps follow one another', () => {
  const steps = [
    { use: 'brightness', by: 20 },
    { use: 'cutout', size: 0.5, value: 7 }
  ]
  const both = augment(steps, { indices: [0] })
  const covered = Array.from(both.features).filter((value) => value === 7).length
  expect(covered).toBeGreaterThanOrEqual(4 * 3 * 2)
})

const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, each) => sum + each, 0)

describe('a picture', () => {
  /** One channel, its pixels numbered from 1. */
  const order = (steps: object[], shape = [4, 4, 1]) => augmentationOf(steps.map(step), datasetOf(shape), 1)
  const numbered = (steps: object[], epoch: number): number[] =>
    Array.from(
      augmentBatch(
        order(steps),
        { features: Uint8Array.from(ascending(16), (value) => value + 1), targets: Int32Array.of(0) },
        Uint32Array.of(0),
        epoch
      ).features
    )
  const rows = (values: number[]): number[][] => [0, 4, 8, 12].map((at) => values.slice(at, at + 4))

  test('that is shifted keeps its pixels, whole, and leaves the gap to the value or to the edge', () => {
    for (let epoch = 0; epoch < 20; epoch++) {
      const empty = rows(numbered([{ use: 'shift', by: 0.25, value: 99 }], epoch))
      const edge = rows(numbered([{ use: 'shift', by: 0.25, fill: 'edge' }], epoch))
      const middle = edge[1][1]
      const [down, right] = [2 - Math.ceil(middle / 4), 2 - (((middle - 1) % 4) + 1)]
      const held = (at: number): number => Math.min(3, Math.max(0, at))
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 4; x++) {
          const [fromY, fromX] = [y - down, x - right]
          const isInside = held(fromY) === fromY && held(fromX) === fromX
          expect(edge[y][x]).toBe(4 * held(fromY) + held(fromX) + 1)
          expect(empty[y][x]).toBe(isInside ? 4 * fromY + fromX + 1 : 99)
        }
    }
  })

  test('that is flipped is mirrored from left to right, upside down, or both', () => {
    const flipped = (axis: string): number[][] => rows(numbered([{ use: 'flip', axis, probability: 1 }], 0))
    const plain = rows(ascending(16).map((value) => value + 1))
    expect(flipped('horizontal')).toEqual(plain.map((row) => row.toReversed()))
    expect(flipped('vertical')).toEqual(plain.toReversed())
    expect(flipped('both')).toEqual(plain.toReversed().map((row) => row.toReversed()))
  })

  test('is flipped as often as the probability says', () => {
    const plain = ascending(16).map((value) => value + 1)
    const times = ascending(400).filter(
      (epoch) => String(numbered([{ use: 'flip', probability: 0.3 }], epoch)) !== String(plain)
    )
    expect(times.length / 400).toBeGreaterThan(0.22)
    expect(times.length / 400).toBeLessThan(0.38)
  })

  test('that is turned keeps its middle, and its mean nearly', () => {
    const shape = [9, 9, 1]
    const features = new Uint8Array(81)
    features[40] = 200
    features[41] = 100
    const order9 = order([{ use: 'rotate', degrees: 180 }], shape)
    const angles = ascending(50).map((epoch) => {
      const { features: turned } = augmentBatch(
        order9,
        { features, targets: Int32Array.of(0) },
        Uint32Array.of(0),
        epoch
      )
      expect(turned[40]).toBeCloseTo(200, 3)
      return sumOf(turned.slice(30, 33))
    })
    // The second pixel goes around: now and then it stands above.
    expect(Math.max(...angles)).toBeGreaterThan(60)
    expect(Math.min(...angles)).toBeLessThan(30)
  })

  test('that is zoomed shows its middle larger or smaller', () => {
    const shape = [9, 9, 1]
    const features = new Uint8Array(81)
    for (let y = 3; y < 6; y++) features.fill(90, y * 9 + 3, y * 9 + 6)
    const zoomed = order([{ use: 'zoom', by: 0.4 }], shape)
    const sums = ascending(50).map((epoch) =>
      sumOf(augmentBatch(zoomed, { features, targets: Int32Array.of(0) }, Uint32Array.of(0), epoch).features)
    )
    expect(Math.max(...sums)).toBeGreaterThan(9 * 90 * 1.5)
    expect(Math.min(...sums)).toBeLessThan(9 * 90 * 0.6)
  })

  test('is covered by one rectangle of the asked size, somewhere inside', () => {
    const tops = new Set<number>()
    for (let epoch = 0; epoch < 100; epoch++) {
      const values = numbered([{ use: 'cutout', size: 0.5, value: 0 }], epoch)
      const covered = ascending(16).filter((at) => values[at] === 0)
      const top = covered[0]
      expect(covered).toEqual([top, top + 1, top + 4, top + 5])
      tops.add(top)
    }
    expect(tops.size).toBe(9)
  })
})

describe('mixup', () => {
  const features = (count: number) =>
    Float32Array.from({ length: count * SIZE }, (_, i) => (Math.floor(i / SIZE) === 0 ? 100 : 0))
  test('mixes features and shares of the classes alike', () => {
    const targets = Int32Array.of(0, 1, 1, 1)
    const mixed = augment([{ use: 'mixup', alpha: 1 }], {
      indices: [0, 1, 2, 3],
      features: features(4),
      targets
    })
    expect(mixed.targets).toBeInstanceOf(Float32Array)
    expect(mixed.targets.length).toBe(4 * 3)
    for (let row = 0; row < 4; row++) {
      const shares = Array.from(mixed.targets.subarray(row * 3, row * 3 + 3))
      expect(shares.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 6)
      // Only the first sample is bright, and it alone is of class 0.
      expect(mixed.features[row * SIZE] / 100).toBeCloseTo(shares[0], 5)
    }
  })

  test('mixes numeric targets too', () => {
    const order = augmentationOf(
      [step({ use: 'mixup', alpha: 1 })],
      datasetOf([1], { classes: undefined, targetSize: 2, featureType: 'float32' }),
      1
    )
    const { features: mixed, targets } = augmentBatch(
      order,
      { features: Float32Array.of(0, 1), targets: Float32Array.of(0, 10, 1, 20) },
      Uint32Array.of(0, 1),
      0
    )
    mixed.forEach((value, row) => {
      expect(targets[2 * row]).toBeCloseTo(value, 6)
      expect(targets[2 * row + 1]).toBeCloseTo(10 + 10 * value, 5)
    })
  })

  test.each([
    [0.2, 1 / (4 * (2 * 0.2 + 1))],
    [1, 1 / 12],
    [4, 1 / 36]
  ])('draws shares with mean 1/2 and the variance of Beta(α, α) for α = %d', (alpha, variance) => {
    const shares = ascending(3000).flatMap((epoch) => {
      const { targets } = augment([{ use: 'mixup', alpha }], {
        indices: [0, 1],
        epoch,
        targets: Int32Array.of(0, 1)
      })
      // Mixed with itself a sample stays whole.
      return targets[0] === 1 ? [] : [targets[0]]
    })
    const mean = shares.reduce((sum, each) => sum + each, 0) / shares.length
    const spread = shares.reduce((sum, each) => sum + (each - mean) ** 2, 0) / shares.length
    expect(mean).toBeCloseTo(0.5, 1)
    expect(Math.abs(spread / variance - 1)).toBeLessThan(0.15)
  })
})

test('a step for pictures is refused for other samples, with its place', () => {
  const steps = [step({ use: 'noise', stddev: 1 }), step({ use: 'rotate' })]
  expect(() => augmentationOf(steps, datasetOf([20, 3]), 1)).toThrow(
    expect.objectContaining({
      key: 'data.needsImages',
      values: { path: 'data.augment.1', word: 'rotate', shape: '20 × 3' }
    })
  )
})
