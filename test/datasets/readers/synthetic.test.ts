import { describe, expect, test } from 'vitest'
import { say } from '#contract/messages'
import { generators } from '#contract/vocabulary/sources'
import { summarize } from '../../../src-main/datasets/inspection/summarize'
import type { SourceOf } from '../../../src-main/datasets/reader'
import { synthetic } from '../../../src-main/datasets/readers/synthetic'

type Generator = SourceOf<'synthetic'>['generator']
type Options = Partial<Omit<SourceOf<'synthetic'>, 'use' | 'generator'>>

const open = (generator: Generator, options: Options = {}) =>
  synthetic.open({ use: 'synthetic', generator, seed: 1, ...options })
/** Samples with their targets. */
async function samplesOf(generator: Generator, options: Options = {}) {
  const { featureShape, train } = await open(generator, options)
  const size = featureShape.reduce((product, each) => product * each, 1)
  return Array.from(train.targets, (target, i) => ({
    values: [...train.features.subarray(i * size, (i + 1) * size)],
    target
  }))
}
const mean = (values: number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length
const variance = (values: number[]): number => mean(values.map((value) => (value - mean(values)) ** 2))

describe('every generator', () => {
  test.each(generators)('%s gives the same samples for a seed and others for another', async (generator) => {
    const options = { samples: 50, noise: 0.5 }
    const { train, findings, test } = await open(generator, options)
    expect((await open(generator, options)).train).toEqual(train)
    expect((await open(generator, { ...options, seed: 2 })).train.features).not.toEqual(train.features)
    expect([...train.features].every(Number.isFinite)).toBe(true)
    expect({ count: train.count, test }).toEqual({ count: 50, test: undefined })
    const [{ kind, message }] = findings ?? []
    expect(kind).toBe('formula')
    expect(say('en', message.key, message.values)).toMatch(/50 samples, seed 1/)
  })

  test.each(generators)('%s is a dataset without complaints', async (generator) => {
    const { findings, columns, featureShape, counts } = summarize(await open(generator))
    expect(findings.map(({ kind }) => kind)).toEqual(['formula'])
    expect(columns?.length ?? 2).toBe(featureShape.at(-1))
    expect(counts).toEqual(generator === 'xor' ? { train: 4, test: 4 } : { train: 1000, test: 0 })
  })

  test('refuses more samples than memory holds', async () => {
    await expect(open('adding', { samples: 10_000_000 })).rejects.toMatchObject({ key: 'data.overBudget' })
  })
})

test('circles have radius 1 and 0.8, as many points each', async () => {
  const samples = await samplesOf('circles')
  const radii = samples.map(({ values: [x, y] }) => Math.hypot(x, y))
  expect(radii.every((radius, i) => Math.abs(radius - (samples[i].target === 0 ? 1 : 0.8)) < 1e-6)).toBe(true)
  expect(samples.filter(({ target }) => target === 1)).toHaveLength(500)
})

test('noise has the deviation that is asked for', async () => {
  const clean = await samplesOf('absolute', { samples: 5000, noise: 0 })
  const noisy = await samplesOf('absolute', { samples: 5000, noise: 0.5 })
  expect(clean.every(({ values: [x], target }) => target === Math.abs(x))).toBe(true)
  const errors = noisy.map(({ values: [x], target }) => target - Math.abs(x))
  expect(Math.sqrt(variance(errors))).toBeCloseTo(0.5, 1)
  expect(mean(errors)).toBeCloseTo(0, 1)
})

test('blobs are three clouds of deviation 1 around their centres', async () => {
  const samples = await samplesOf('blobs', { samples: 6000 })
  const centres = [0, 1, 2].map((label) => {
    const own = samples.filter(({ target }) => target === label)
    return [0, 1]
      .map((axis) => own.map(({ values }) => values[axis]))
      .map((values) => [mean(values), variance(values)])
  })
  const expected = [
    [-1.3, -9.5],
    [1, -1.3],
    [-1.6, -3.4]
  ]
  centres.forEach((axes, label) =>
    axes.forEach(([centre, spread], axis) => {
      expect(Math.abs(centre - expected[label][axis])).toBeLessThan(0.1)
      expect(Math.abs(spread - 1)).toBeLessThan(0.15)
    })
  )
})

test('xor is its four points for training and test, and with a number of samples a part of its own', async () => {
  const { train, test } = await open('xor', { noise: 3 })
  expect([...train.features]).toEqual([0, 0, 1, 0, 0, 1, 1, 1])
  expect([...train.targets]).toEqual([0, 1, 1, 0])
  expect(test).toBe(train)
  const many = await samplesOf('xor', { samples: 400, noise: 0.1 })
  expect(many.every(({ values: [x, y], target }) => Number(Math.round(x) !== Math.round(y)) === target)).toBe(
    true
  )
  expect(new Set(many.map(({ values }) => values[0])).size).toBe(400)
})

test('each arm of the spirals is the other one turned by half a circle', async () => {
  const samples = await samplesOf('spirals')
  for (const {
    values: [x, y],
    target
  } of samples) {
    const radius = Math.hypot(x, y)
    const angle = (1.75 * 2 * Math.PI * radius) / 5 + target * Math.PI
    expect(Math.hypot(x - radius * Math.sin(angle), y - radius * Math.cos(angle))).toBeLessThan(1e-4)
  }
  expect(Math.max(...samples.map(({ values: [x, y] }) => Math.hypot(x, y)))).toBeLessThan(5)
})

test('the parabola has the large targets that make it explode', async () => {
  const samples = await samplesOf('polynomial', { samples: 20_000 })
  expect(samples.every(({ values: [x], target }) => Math.abs(target - 5 * x * x) < 1e-4)).toBe(true)
  expect(Math.abs(variance(samples.map(({ target }) => target)) / 1389 - 1)).toBeLessThan(0.05)
})

test('a regression depends on its informative features only', async () => {
  const options = { samples: 300, features: 6, informative: 2 }
  const samples = await samplesOf('regression', options)
  const { columns } = await open('regression', options)
  expect(columns?.map(({ name }) => name)).toEqual(['x1', 'x2', 'x3', 'x4', 'x5', 'x6'])
  // Two equations give the two weights; all others agree with them.
  const [
    {
      values: [a, b],
      target: p
    },
    {
      values: [c, d],
      target: q
    }
  ] = samples
  const first = (p * d - q * b) / (a * d - b * c)
  const second = (a * q - c * p) / (a * d - b * c)
  expect(
    samples.every(({ values, target }) => Math.abs(first * values[0] + second * values[1] - target) < 0.01)
  ).toBe(true)
  await expect(open('regression', { features: 3, informative: 4 })).rejects.toMatchObject({
    key: 'data.synthetic.informative',
    values: { features: 3, informative: 4 }
  })
  expect((await open('regression', { features: 3 })).featureShape).toEqual([3])
})

test('the target of adding is the sum of two marked values, one in each half; 1 is wrong by 1/6', async () => {
  const samples = await samplesOf('adding', { samples: 4000, length: 7 })
  for (const { values, target } of samples) {
    const marked = [0, 1, 2, 3, 4, 5, 6].filter((step) => values[2 * step + 1] === 1)
    expect(marked).toHaveLength(2)
    expect([marked[0] < 3, marked[1] >= 3]).toEqual([true, true])
    expect(target).toBeCloseTo(values[2 * marked[0]] + values[2 * marked[1]], 5)
  }
  expect(mean(samples.map(({ target }) => (target - 1) ** 2))).toBeCloseTo(1 / 6, 1)
  expect((await open('adding')).featureShape).toEqual([100, 2])
})
