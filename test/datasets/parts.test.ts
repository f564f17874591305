import { describe, expect, test } from 'vitest'
import type { Experiment } from '#contract/experiment'
import { randomFrom } from '#contract/random'
import { epochOrder, openParts, type Part, type Parts } from '../../src-main/datasets/parts'
import type { PreparedHandle } from '../../src-main/datasets/prepared'
import { ascending, experimentOn, handleOf, samplesOf } from '../fixtures/dataset'

/** Samples of two values, [i, 100 + i], with the label i % 3. */
const samples = (count: number) =>
  samplesOf(
    Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? i / 2 : 100 + (i - 1) / 2)),
    Int32Array.from({ length: count }, (_, i) => i % 3)
  )
const handle = (train: number, test: number) => handleOf(samples(train), [2], { test: samples(test) })
const partsOf = (opened: PreparedHandle, experiment: Experiment): Parts => openParts(opened, experiment).parts
const indicesOf = (part: Part | undefined): number[] => Array.from(part?.indices ?? [])

describe('the samples of a run', () => {
  test('are all there are, without limit and split', () => {
    const { train, validation, test } = partsOf(handle(50, 10), experimentOn())
    expect([indicesOf(train), validation, indicesOf(test)]).toEqual([ascending(50), undefined, ascending(10)])
  })

  test('are divided without overlap, by share', () => {
    const { train, validation, test } = partsOf(handle(50, 10), experimentOn({ split: { validation: 0.1 } }))
    expect([train.count, validation?.count, test.count]).toEqual([45, 5, 10])
    expect([...indicesOf(train), ...indicesOf(validation)].sort((a, b) => a - b)).toEqual(ascending(50))
  })

  test('are limited before they are divided', () => {
    const data = { limit: { train: 20, test: 4 }, split: { validation: 0.25 } }
    const { train, validation, test } = partsOf(handle(50, 10), experimentOn(data))
    expect([train.count, validation?.count, test.count]).toEqual([15, 5, 4])
  })

  test('give a fifth to the test where the source has no test part', () => {
    const { train, test } = partsOf(handle(50, 0), experimentOn())
    expect([train.count, test.count]).toEqual([40, 10])
    expect([...indicesOf(train), ...indicesOf(test)].sort((a, b) => a - b)).toEqual(ascending(50))
  })

  test('are chosen by the seed', () => {
    const choose = (seed: number) =>
      indicesOf(partsOf(handle(50, 0), experimentOn({ limit: { train: 10 } }, seed)).train)
    expect(choose(1)).toEqual(choose(1))
    expect(choose(2)).not.toEqual(choose(1))
    expect(choose(1)).not.toEqual(ascending(10))
  })

  test('have in each part the share of every class, within one sample', () => {
    const random = randomFrom('classes')
    for (let round = 0; round < 20; round++) {
      const labels = Int32Array.from({ length: 60 }, () => Math.floor(3 * random() ** 2))
      const source = handleOf(samplesOf(new Uint8Array(120), labels), [2])
      const share = 0.05 + 0.4 * random()
      const { train, validation, test } = partsOf(
        source,
        experimentOn({ split: { validation: share } }, round)
      )
      const countsOf = (parts: (Part | undefined)[]): number[] =>
        [0, 1, 2].map((label) =>
          parts.reduce(
            (sum, part) => sum + Array.from(part?.allTargets() ?? []).filter((each) => each === label).length,
            0
          )
        )
      const all = countsOf([train, validation, test])
      const rest = countsOf([train, validation])
      countsOf([test]).forEach((count, label) => expect(Math.abs(count - 0.2 * all[label])).toBeLessThan(1))
      countsOf([validation]).forEach((count, label) =>
        expect(Math.abs(count - share * rest[label])).toBeLessThan(1)
      )
      expect(
        [...indicesOf(train), ...indicesOf(validation), ...indicesOf(test)].sort((a, b) => a - b)
      ).toEqual(ascending(60))
    }
  })

  test('with numbers as targets are divided by share alone', () => {
    const source = handleOf(samplesOf(new Uint8Array(50), new Float32Array(50)), [1])
    const { train, validation, test } = partsOf(source, experimentOn({ split: { validation: 0.25 } }))
    expect([train.count, validation?.count, test.count]).toEqual([30, 10, 10])
  })

  test('of a source that is too small to divide are refused', () => {
    expect(() => partsOf(handle(1, 0), experimentOn())).toThrow(
      expect.objectContaining({ key: 'data.tooFew', values: { name: 'small', count: 1 } })
    )
  })
})

describe('gathering', () => {
  test('brings raw samples as they are stored, in the order that was asked for', () => {
    const { train } = partsOf(handle(50, 10), experimentOn())
    expect(train.gather(Uint32Array.from([7, 0, 7]))).toEqual({
      features: Uint8Array.from([7, 107, 0, 100, 7, 107]),
      targets: Int32Array.from([1, 0, 1])
    })
  })

  test('counts positions within the part, not within the source', () => {
    const { test } = partsOf(handle(50, 0), experimentOn())
    const first = test.indices[0]
    expect(test.gather(Uint32Array.from([0])).features).toEqual(Uint8Array.from([first, 100 + first]))
  })

  test('gives fresh memory every time', () => {
    const { train } = partsOf(handle(50, 10), experimentOn())
    const positions = Uint32Array.from([3])
    train.gather(positions).features.fill(9)
    expect(train.gather(positions).features).toEqual(Uint8Array.from([3, 103]))
  })

  test('brings whole sequences', () => {
    const sequences = Float32Array.from({ length: 4 * 3 * 2 }, (_, i) => i)
    const source = handleOf(samplesOf(sequences, Int32Array.of(0, 1, 0, 1)), [3, 2], { classes: ['a', 'b'] })
    const { train } = partsOf({ ...source, test: source.train }, experimentOn())
    expect(train.gather(Uint32Array.from([2])).features).toEqual(Float32Array.of(12, 13, 14, 15, 16, 17))
  })

  test('brings all values of a numeric target', () => {
    const small = handle(4, 4)
    small.summary = { ...small.summary, classes: undefined, targetSize: 2 }
    small.train = { ...small.train, targets: Float32Array.from([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]) }
    const { train } = partsOf(small, experimentOn())
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
