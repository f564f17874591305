import { describe, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { openBatches } from '../../src-main/datasets/batches'
import { openParts } from '../../src-main/datasets/parts'
import type { TargetValues } from '../../src-main/datasets/reader'
import { ascending, experimentOn, handleOf, samplesOf } from '../fixtures/dataset'

/** Batches of samples of one byte, 10 · position, with these targets; the test part is the same. */
function open(targets: TargetValues, data: Partial<ExperimentInput['data']> = {}, seed = 1) {
  const samples = samplesOf(
    Uint8Array.from(targets, (_, i) => 10 * i),
    targets
  )
  const source = handleOf(samples, [1], { test: samples })
  const experiment = experimentOn(data, seed)
  const { parts } = openParts(source, experiment)
  const batches = openBatches(parts.train, experiment, source.summary)
  const all = Uint32Array.from(ascending(parts.train.count))
  return { parts, batches, all, at: (step: number, epoch = 0) => batches(all, epoch, step) }
}
const labels = Int32Array.of(0, 1, 0, 2, 0, 1)

test('a batch that nothing changes is what is stored', () => {
  expect(open(labels).at(0)).toEqual({
    count: 6,
    features: Uint8Array.of(0, 10, 20, 30, 40, 50),
    targets: labels
  })
})

test('an augmented batch is float32 and follows the epoch, not the step', () => {
  const { at } = open(labels, { augment: [{ use: 'noise', stddev: 9 }] })
  expect(at(0).features).toBeInstanceOf(Float32Array)
  expect(at(5)).toEqual(at(0))
  expect(at(0, 1).features).not.toEqual(at(0).features)
  expect(at(0).targets).toEqual(labels)
})

describe('class weights', () => {
  const weightsOf = (data: Partial<ExperimentInput['data']>, targets: TargetValues = labels) =>
    Array.from(open(targets, data).at(0).weights ?? [])

  test('balance: every class weighs the same together, and a sample 1 on average', () => {
    const weights = weightsOf({ classWeights: 'balanced' })
    const sums = [0, 1, 2].map((label) =>
      weights.reduce((sum, each, i) => sum + (labels[i] === label ? each : 0), 0)
    )
    sums.forEach((sum) => expect(sum).toBeCloseTo(2, 5))
  })

  test('leave classes without training samples out of the balance', () => {
    expect(weightsOf({ classWeights: 'balanced' }, Int32Array.of(0, 0, 0, 2))).toEqual([
      Math.fround(2 / 3),
      Math.fround(2 / 3),
      Math.fround(2 / 3),
      2
    ])
  })

  test('may be given for each class', () => {
    expect(weightsOf({ classWeights: [1, 0, 4] })).toEqual([1, 0, 1, 4, 1, 0])
  })

  test('of a mixed sample are those of its classes in their shares', () => {
    const { weights, targets } = open(labels, {
      classWeights: [1, 10, 100],
      augment: [{ use: 'mixup', alpha: 1 }]
    }).at(0)
    weights?.forEach((weight, row) => {
      const shares = targets.subarray(3 * row, 3 * row + 3)
      expect(weight).toBeCloseTo(shares[0] + 10 * shares[1] + 100 * shares[2], 3)
    })
    expect(weights?.some((weight) => ![1, 10, 100].includes(weight))).toBe(true)
  })

  test.each([
    ['another number of weights', labels, 'data.classWeightsCount', { expected: 3, found: 2 }],
    ['targets that are numbers', Float32Array.of(1, 2, 3), 'data.classWeightsNeedClasses', { name: 'small' }]
  ] as const)('are refused for %s', (_, targets, key, values) => {
    expect(() => open(targets, { classWeights: [1, 2] })).toThrow(expect.objectContaining({ key, values }))
  })
})

describe('deliberate damage', () => {
  test('multiplies the features of every so many steps', () => {
    const { at } = open(labels, { faults: [{ use: 'scaleBatch', every: 3, by: 1000 }] })
    const largest = ascending(7).map((step) => Math.max(...at(step).features))
    // Steps are counted from 1: the third and the sixth are hit.
    expect(largest).toEqual([50, 50, 50_000, 50, 50, 50_000, 50])
    expect(at(0).features).toBeInstanceOf(Float32Array)
  })

  test('exchanges the targets of a share of the training samples, and of no others', () => {
    const many = Int32Array.from({ length: 200 }, (_, i) => i)
    const faults = [{ use: 'permuteLabels' as const, share: 0.25 }]
    const damaged = (seed: number) => Array.from(open(many, { faults }, seed).at(0).targets)
    const wrong = ascending(200).filter((i) => damaged(1)[i] !== i)
    expect(wrong.length).toBe(50)
    expect(damaged(1).toSorted((a, b) => a - b)).toEqual(ascending(200))
    expect(damaged(1)).toEqual(damaged(1))
    expect(damaged(2)).not.toEqual(damaged(1))
    const { test } = open(many, { faults }).parts
    expect(Array.from(test.allTargets())).toEqual(ascending(200))
  })

  test('exchanges whole numeric targets', () => {
    const targets = Float32Array.from({ length: 20 }, (_, i) => i / 2)
    const source = handleOf(samplesOf(new Uint8Array(10), targets, 2), [1])
    const experiment = experimentOn({ faults: [{ use: 'permuteLabels', share: 1 }] })
    const { train } = openParts({ ...source, test: source.train }, experiment).parts
    const rows = ascending(10).map((row) => Array.from(train.allTargets().subarray(2 * row, 2 * row + 2)))
    rows.forEach(([first, second], row) => {
      expect(second).toBe(first + 0.5)
      expect(first).not.toBe(row)
    })
  })

  test('takes every training sample for one of the next class, validation and test not', () => {
    const { parts, at } = open(labels, { faults: [{ use: 'shiftLabels' }], split: { validation: 0.4 } })
    expect(Array.from(at(0).targets)).toEqual(
      Array.from(parts.train.indices, (index) => (labels[index] + 1) % 3)
    )
    expect(Array.from(parts.validation?.allTargets() ?? [])).toEqual(
      Array.from(parts.validation?.indices ?? [], (index) => labels[index])
    )
    expect(parts.test.allTargets()).toEqual(labels)
  })

  test('of classes is refused where targets are numbers', () => {
    expect(() => open(Float32Array.of(1, 2), { faults: [{ use: 'shiftLabels' }] })).toThrow(
      expect.objectContaining({
        key: 'data.faultNeedsClasses',
        values: { path: 'data.faults.0', word: 'shiftLabels' }
      })
    )
  })
})
