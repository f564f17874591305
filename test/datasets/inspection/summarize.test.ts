import { describe, expect, test } from 'vitest'
import { randomFrom } from '#contract/random'
import { findDuplicates } from '../../../src-main/datasets/inspection/duplicates'
import { summarize } from '../../../src-main/datasets/inspection/summarize'
import type { DatasetHandle, FeatureValues, Samples } from '../../../src-main/datasets/reader'

const part = (features: number[][], targets?: number[]): Samples => ({
  count: features.length,
  features: Uint8Array.from(features.flat()),
  targets: Int32Array.from(targets ?? features.map((_, i) => i % 2))
})
const dataset = (train: Samples, test?: Samples, classes = ['a', 'b']): DatasetHandle => ({
  name: 'small',
  source: { use: 'digits' },
  featureShape: [train.features.length / train.count],
  classes,
  train,
  test
})
const findings = (handle: DatasetHandle) => summarize(handle).findings

test('a sound dataset has no findings', () => {
  const train = part([
    [1, 2, 3],
    [3, 2, 1]
  ])
  expect(
    findings(
      dataset(
        train,
        part([
          [4, 5, 6],
          [6, 5, 4]
        ])
      )
    )
  ).toEqual([])
})

test('samples that repeat are found within a part and across parts, at their positions', () => {
  const train = part([
    [1, 2, 3],
    [1, 2, 3],
    [5, 6, 7]
  ])
  const test = part([
    [9, 8, 7],
    [5, 6, 7]
  ])
  expect(findings(dataset(train, test))).toEqual([
    {
      kind: 'duplicates',
      severity: 'warning',
      part: 'train',
      count: 1,
      examples: [1],
      message: { key: 'data.duplicates.train', values: { count: 1, total: 3, positions: '1 = 0' } }
    },
    {
      kind: 'duplicates',
      severity: 'warning',
      part: 'test',
      count: 1,
      examples: [1],
      message: { key: 'data.duplicates.across', values: { count: 1, total: 2, positions: '1 = 2' } }
    }
  ])
})

test('repeats are found among whole words, single bytes and real numbers alike', () => {
  const repeated = (features: FeatureValues): number => {
    const train = { count: 3, features, targets: Int32Array.from([0, 1, 0]) }
    return findings(dataset(train)).find(({ kind }) => kind === 'duplicates')?.count ?? 0
  }
  expect([
    repeated(Uint8Array.from([1, 2, 3, 4, 9, 9, 9, 8, 1, 2, 3, 4])),
    repeated(Uint8Array.from([1, 2, 3, 9, 9, 8, 1, 2, 3])),
    repeated(Float32Array.from([0.1, 0.2, 0.3, 0.4, 0.1, 0.2]))
  ]).toEqual([1, 1, 1])
})

test('samples that differ are not taken for repeats, though some 32-bit hashes among so many are the same', () => {
  const count = 200_000
  const random = randomFrom('collisions')
  const words = Uint32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? i : random() * 2 ** 32))
  const train = { count, features: new Uint8Array(words.buffer), targets: new Int32Array(count) }
  expect(findDuplicates(8, train, undefined)).toEqual({
    train: [],
    test: [],
    across: [],
    firsts: { train: [], test: [], across: [] }
  })
})

test('blank samples are found, whatever their one value is', () => {
  const train = part([
    [0, 0, 0],
    [1, 2, 3],
    [7, 7, 7],
    [7, 7, 8]
  ])
  expect(findings(dataset(train))).toEqual([
    {
      kind: 'blank',
      severity: 'warning',
      part: 'train',
      count: 2,
      examples: [0, 2],
      message: { key: 'data.blank.train', values: { count: 2, total: 4, positions: '0, 2' } }
    }
  ])
})

test('a long list of positions is cut to ten', () => {
  const train = part(Array.from({ length: 30 }, (_, i) => (i < 12 ? [i, i] : [i, 99])))
  expect(findings(dataset(train))[0]).toMatchObject({
    count: 12,
    examples: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    message: { values: { positions: '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 …' } }
  })
})

test('data that is one value throughout is said to be constant, once', () => {
  const train = part([
    [5, 5],
    [5, 5]
  ])
  expect(findings(dataset(train)).filter(({ kind }) => kind !== 'duplicates')).toEqual([
    {
      kind: 'constant',
      severity: 'warning',
      part: 'train',
      count: 2,
      examples: [],
      message: { key: 'data.constant', values: { value: 5 } }
    }
  ])
})

describe('classes', () => {
  const of = (labels: number[]): Samples =>
    part(
      labels.map((_, i) => [i, 255 - i]),
      labels
    )

  test('a rare class is named with its count and the largest one', () => {
    const labels = [...new Array<number>(130).fill(0), ...new Array<number>(12).fill(1)]
    expect(findings(dataset(of(labels)))).toEqual([
      {
        kind: 'imbalance',
        severity: 'warning',
        part: 'train',
        count: 12,
        examples: [130, 131, 132, 133, 134, 135, 136, 137, 138, 139],
        names: ['b'],
        message: { key: 'data.imbalance.train', values: { name: 'b', count: 12, largest: 'a', most: 130 } }
      }
    ])
  })

  test('a class with next to no samples is near-empty, unless all are small', () => {
    expect(findings(dataset(of([0, 0, 0, 0, 1])))).toMatchObject([
      { kind: 'nearEmptyClass', count: 1, names: ['b'], message: { key: 'data.nearEmptyClass.train' } }
    ])
    expect(findings(dataset(of([0, 0, 1])))).toEqual([])
  })

  test('a single class is named', () => {
    expect(findings(dataset(of([0, 0, 0]), undefined, ['only']))).toMatchObject([
      { kind: 'labelRange', names: ['only'], message: { key: 'data.oneClass', values: { name: 'only' } } }
    ])
  })

  test('a class that a part lacks is named', () => {
    expect(findings(dataset(of([0, 1, 2]), part([[9, 1]], [1]), ['a', 'b', 'c']))).toMatchObject([
      {
        kind: 'labelRange',
        part: 'test',
        message: { key: 'data.missingClasses.test', values: { classes: 'a, c', count: 2, total: 3 } }
      }
    ])
  })
})

test('targets that are numbers have no classes to count', () => {
  const train = {
    count: 2,
    features: Float32Array.from([-1.5, 2]),
    targets: Float32Array.from([0.5, 0.25])
  }
  expect(
    summarize({ name: 'line', source: { use: 'digits' }, featureShape: [1], targetSize: 1, train })
  ).toEqual({
    name: 'line',
    source: { use: 'digits' },
    featureShape: [1],
    featureType: 'float32',
    targetSize: 1,
    values: [{ missing: 0, range: [-1.5, 2], mean: 0.25, deviation: 1.75 }],
    targets: [
      {
        missing: 0,
        range: [0.25, 0.5],
        mean: 0.375,
        deviation: 0.125,
        histogram: { train: [1, ...new Array<number>(10).fill(0), 1], test: [] }
      }
    ],
    range: [-1.5, 2],
    counts: { train: 2, test: 0 },
    findings: []
  })
})

describe('values that are not finite', () => {
  const train = {
    count: 3,
    features: Float32Array.from([1, 2, NaN, 3, 4, -Infinity]),
    targets: Int32Array.from([0, 1, 0])
  }

  test('are errors at their samples, and do not count for the range', () => {
    expect(summarize(dataset(train))).toMatchObject({
      range: [1, 4],
      findings: [
        {
          kind: 'nonFinite',
          severity: 'error',
          count: 2,
          examples: [1, 2],
          message: { key: 'data.nonFinite.train', values: { count: 2, total: 3, positions: '1[0], 2[1]' } }
        }
      ]
    })
  })

  test('leave a range where there is no other value', () => {
    const none = { count: 1, features: Float32Array.of(NaN), targets: Int32Array.of(0) }
    expect(summarize(dataset(none, undefined, ['a']))).toMatchObject({ range: [0, 0] })
  })
})

test('samples that have names are called by them, and by what they repeat', () => {
  const named = {
    ...part([
      [1, 2],
      [3, 4],
      [1, 2]
    ]),
    nameOf: (index: number) => `${'abc'[index]}.png`
  }
  expect(findings(dataset(named))).toMatchObject([
    {
      kind: 'duplicates',
      examples: [2],
      names: ['c.png'],
      message: { values: { positions: 'c.png = a.png' } }
    }
  ])
})

test('rows of a table may be the same throughout, and what a formula gives may repeat', () => {
  const columns = ['x', 'y'].map((name) => ({ name, kind: 'number' as const, missing: 0 }))
  const corners = part([
    [0, 0],
    [1, 1],
    [0, 1],
    [1, 1]
  ])
  const source = { use: 'synthetic', generator: 'xor', seed: 1 } as const
  expect(findings({ ...dataset(corners), columns })).toMatchObject([{ kind: 'duplicates' }])
  expect(findings({ ...dataset(corners), columns, source })).toEqual([])
})
