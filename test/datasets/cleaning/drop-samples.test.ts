import { describe, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { openParts, type Parts } from '../../../src-main/datasets/parts'
import { experimentOn, handleOf, samplesOf } from '../../fixtures/dataset'

type Clean = ExperimentInput['data']['clean']
const indicesOf = ({ train, validation, test }: Parts) => ({
  train: [...train.indices, ...(validation?.indices ?? [])].sort((a, b) => a - b),
  test: [...test.indices]
})
/** What is left of two parts of samples with two values each, and what is said of it. */
function clean(
  steps: Clean,
  train: number[],
  test: number[],
  labels = train.map(() => 0).slice(train.length / 2)
) {
  const values = (numbers: number[]) =>
    numbers.every((each) => Number.isInteger(each)) ? Uint8Array.from(numbers) : Float32Array.from(numbers)
  const targets = (count: number) => Int32Array.from({ length: count }, (_, i) => labels[i] ?? 0)
  const source = handleOf(samplesOf(values(train), targets(train.length / 2)), [2], {
    test: samplesOf(values(test), targets(test.length / 2))
  })
  const { parts, cleaned } = openParts(source, experimentOn({ clean: steps }))
  return { ...indicesOf(parts), cleaned }
}

test('repeated samples are left out but for the first, and of the test those that are trained on', () => {
  const train = [1, 2, 3, 4, 1, 2, 5, 6, 3, 4]
  const test = [7, 8, 1, 2, 7, 8, 9, 9]
  expect(clean([{ use: 'dropDuplicates' }], train, test)).toEqual({
    train: [0, 1, 3],
    test: [0, 3],
    cleaned: [{ use: 'dropDuplicates', unit: 'samples', train: 2, test: 2 }]
  })
})

test('a source without a test part is cleaned before the test is taken out, and before a limit', () => {
  const values = Uint8Array.from({ length: 40 }, (_, i) => i % 20)
  const source = handleOf(samplesOf(values, new Int32Array(40)), [1])
  const experiment = experimentOn({ clean: [{ use: 'dropDuplicates' }], limit: { train: 15 } })
  const { parts, cleaned } = openParts(source, experiment)
  const seen = [...parts.train.indices, ...parts.test.indices].map((index) => values[index])
  expect({ distinct: new Set(seen).size, train: parts.train.count, test: parts.test.count, cleaned }).toEqual(
    {
      distinct: 19,
      train: 15,
      test: 4,
      cleaned: [{ use: 'dropDuplicates', unit: 'samples', train: 20, test: 0 }]
    }
  )
})

test('blank samples are left out', () => {
  expect(clean([{ use: 'dropBlank' }], [3, 3, 1, 2, 0, 0], [1, 2, 4, 4])).toMatchObject({
    train: [1],
    test: [0],
    cleaned: [{ use: 'dropBlank', train: 2, test: 1 }]
  })
})

test('samples with a NaN or an Inf, in features or in numeric targets, are left out', () => {
  expect(
    clean([{ use: 'dropMissing' }], [0.5, 1, NaN, 1, 2, 1, 3, -Infinity], [1.5, Infinity, 1, 2])
  ).toMatchObject({
    train: [0, 2],
    test: [1]
  })
  const source = handleOf(samplesOf(Float32Array.of(1, 2, 3), Float32Array.of(NaN, 1, Infinity)), [1], {
    test: samplesOf(Float32Array.of(1), Float32Array.of(1))
  })
  const { parts } = openParts(source, experimentOn({ clean: [{ use: 'dropMissing' }] }))
  expect(indicesOf(parts).train).toEqual([1])
})

test('classes with too few training samples are left out of every part', () => {
  const labels = [0, 1, 0, 1, 2]
  const values = labels.flatMap((label, i) => [label, i])
  expect(clean([{ use: 'dropRareClasses', fewerThan: 2 }], values, values, labels)).toMatchObject({
    train: [0, 1, 2, 3],
    test: [0, 1, 2, 3],
    cleaned: [{ use: 'dropRareClasses', train: 1, test: 1 }]
  })
})

test('steps follow one another: what the first leaves out does not count for the second', () => {
  const labels = [0, 0, 1, 1]
  const steps: Clean = [{ use: 'dropBlank' }, { use: 'dropRareClasses', fewerThan: 2 }]
  expect(clean(steps, [1, 2, 1, 3, 4, 4, 5, 6], [1, 2], labels)).toMatchObject({
    train: [0, 1],
    cleaned: [
      { use: 'dropBlank', train: 1 },
      { use: 'dropRareClasses', train: 1 }
    ]
  })
})

describe('a step that cannot be done is refused with its place', () => {
  test('where it leaves nothing', () => {
    expect(() => clean([{ use: 'dropBlank' }], [1, 1, 2, 2], [1, 2])).toThrow(
      expect.objectContaining({
        key: 'data.nothingLeft',
        values: { path: 'data.clean.0', word: 'dropBlank', name: 'small' }
      })
    )
  })

  test('where there are no classes', () => {
    const source = handleOf(samplesOf(Float32Array.of(1, 2), Float32Array.of(1, 2)), [1])
    const experiment = experimentOn({
      clean: [{ use: 'dropBlank' }, { use: 'dropRareClasses', fewerThan: 2 }]
    })
    expect(() => openParts(source, experiment)).toThrow(
      expect.objectContaining({
        key: 'data.cleaningNeedsClasses',
        values: { path: 'data.clean.1', word: 'dropRareClasses' }
      })
    )
  })
})
