import { describe, expect, test } from 'vitest'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { epochOrder, openParts, type Part } from '../../src-main/datasets/parts'
import type { PreparedHandle } from '../../src-main/datasets/prepared'
import { preparationOf } from '../../src-main/datasets/preparation'
import type { Samples } from '../../src-main/datasets/reader'

/** Samples of two values, [i, 100 + i], with the label i % 3. */
const samples = (count: number): Samples => ({
  count,
  features: Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? i / 2 : 100 + (i - 1) / 2)),
  targets: Int32Array.from({ length: count }, (_, i) => i % 3)
})
const handle = (train: number, test: number): PreparedHandle => ({
  folder: '',
  summary: {
    name: 'small',
    source: { use: 'digits' },
    featureShape: [2],
    featureType: 'uint8',
    classes: ['0', '1', '2'],
    range: [0, 255],
    counts: { train, test },
    findings: []
  },
  train: samples(train),
  test: samples(test)
})
const experiment = (data: Partial<ExperimentInput['data']> = {}, seed = 1) =>
  parseExperiment({
    version: 1,
    seed,
    data: { source: { use: 'digits' }, ...data },
    model: { layers: [{ use: 'dense', units: 3 }] },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'sgd', rate: 0.1 }],
    training: { batchSize: 4, epochs: 1 }
  })
const indicesOf = (part: Part | undefined): number[] => Array.from(part?.indices ?? [])
const ascending = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe('the samples of a run', () => {
  test('are all there are, without limit and split', () => {
    const { train, validation, test } = openParts(handle(50, 10), experiment())
    expect([indicesOf(train), validation, indicesOf(test)]).toEqual([ascending(50), undefined, ascending(10)])
  })

  test('are divided without overlap, by share', () => {
    const { train, validation, test } = openParts(handle(50, 10), experiment({ split: { validation: 0.1 } }))
    expect([train.count, validation?.count, test.count]).toEqual([45, 5, 10])
    expect([...indicesOf(train), ...indicesOf(validation)].sort((a, b) => a - b)).toEqual(ascending(50))
  })

  test('are limited before they are divided', () => {
    const data = { limit: { train: 20, test: 4 }, split: { validation: 0.25 } }
    const { train, validation, test } = openParts(handle(50, 10), experiment(data))
    expect([train.count, validation?.count, test.count]).toEqual([15, 5, 4])
  })

  test('give a fifth to the test where the source has no test part', () => {
    const { train, test } = openParts(handle(50, 0), experiment())
    expect([train.count, test.count]).toEqual([40, 10])
    expect([...indicesOf(train), ...indicesOf(test)].sort((a, b) => a - b)).toEqual(ascending(50))
  })

  test('are chosen by the seed', () => {
    const choose = (seed: number) =>
      indicesOf(openParts(handle(50, 0), experiment({ limit: { train: 10 } }, seed)).train)
    expect(choose(1)).toEqual(choose(1))
    expect(choose(2)).not.toEqual(choose(1))
    expect(choose(1)).not.toEqual(ascending(10))
  })

  test('of a source that is too small to divide are refused', () => {
    expect(() => openParts(handle(1, 0), experiment())).toThrow(
      expect.objectContaining({ key: 'data.tooFew', values: { name: 'small', count: 1 } })
    )
  })
})

describe('gathering', () => {
  test('brings raw samples in the order that was asked for', () => {
    const { train } = openParts(handle(50, 10), experiment())
    expect(train.gather(Uint32Array.from([7, 0, 7]))).toEqual({
      features: Float32Array.from([7, 107, 0, 100, 7, 107]),
      targets: Int32Array.from([1, 0, 1])
    })
  })

  test('counts positions within the part, not within the source', () => {
    const { test } = openParts(handle(50, 0), experiment())
    const first = test.indices[0]
    expect(test.gather(Uint32Array.from([0])).features).toEqual(Float32Array.from([first, 100 + first]))
  })

  test('gives fresh memory every time', () => {
    const { train } = openParts(handle(50, 10), experiment())
    const positions = Uint32Array.from([3])
    train.gather(positions).features.fill(-1)
    expect(train.gather(positions).features).toEqual(Float32Array.from([3, 103]))
  })

  test('brings all values of a numeric target', () => {
    const small = handle(4, 4)
    small.summary = { ...small.summary, classes: undefined, targetSize: 2 }
    small.train = { ...small.train, targets: Float32Array.from([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]) }
    const { train } = openParts(small, experiment())
    expect(train.gather(Uint32Array.from([3, 1])).targets).toEqual(Float32Array.from([3, 3.5, 1, 1.5]))
  })
})

test('the order of an epoch is a permutation that seed and epoch decide', () => {
  const order = (seed: number, epoch: number): number[] => Array.from(epochOrder(100, seed, epoch))
  expect(order(1, 0).sort((a, b) => a - b)).toEqual(ascending(100))
  expect(order(1, 0)).toEqual(order(1, 0))
  expect(order(1, 1)).not.toEqual(order(1, 0))
  expect(order(2, 0)).not.toEqual(order(1, 0))
})

describe('preparation', () => {
  const { summary } = handle(4, 4)

  test('is one multiplication for features and for targets, whatever the number of steps', () => {
    const prepare = [
      { use: 'scale', by: 0.5 },
      { use: 'scale', by: 3, on: 'targets' },
      { use: 'scale', by: 0.25 }
    ] satisfies ExperimentInput['data']['prepare']
    expect(preparationOf(experiment({ prepare }), { ...summary, classes: undefined, targetSize: 1 })).toEqual(
      {
        features: { multiply: 0.125, add: 0 },
        targets: { multiply: 3, add: 0 }
      }
    )
  })

  test('is nothing where none is asked for', () => {
    const nothing = { multiply: 1, add: 0 }
    expect(preparationOf(experiment(), summary)).toEqual({ features: nothing, targets: nothing })
  })

  test('of targets that are classes is refused with its place', () => {
    const prepare = [{ use: 'scale' as const, by: 2, on: 'targets' as const }]
    expect(() => preparationOf(experiment({ prepare }), summary)).toThrow(
      expect.objectContaining({
        key: 'data.classesNotPrepared',
        values: { path: 'data.prepare.0', word: 'scale' }
      })
    )
  })
})
