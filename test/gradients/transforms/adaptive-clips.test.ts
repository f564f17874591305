import { beforeAll, describe, expect, test } from 'vitest'
import { randomFrom } from '#contract/random'
import { relativeError } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'
import { runTransform, tensorOf, transformOnce, type Lists } from './run-transform'

beforeAll(startCpu)

const norm = (list: readonly number[]): number => Math.hypot(...list)
const all = (lists: Lists): number[] => Object.values(lists).flat()
/** Gradients of two tensors whose common norm is as wished. */
const ofNorm = (wished: number): Lists => ({ a: [0.6 * wished, 0], b: [0, 0.8 * wished] })
const normsOf = (results: { gradients: Lists }[]): number[] =>
  results.map(({ gradients }) => norm(all(gradients)))
const close = (found: readonly number[], expected: readonly number[]): void =>
  expect(relativeError(found, expected)).toBeLessThan(1e-6)

describe('adaptiveClip', () => {
  const about = [
    tensorOf('dense', { shape: [2, 2] }),
    tensorOf('bias', { role: 'bias', shape: [2] }),
    tensorOf('depthwise', { role: 'depthwiseKernel', shape: [1, 2, 1, 2] }),
    tensorOf('last', { shape: [2, 1], isOutput: true })
  ]
  const weights = { dense: [3, 0, 4, 0], bias: [0, 0], depthwise: [1, 0, 0, 2], last: [1, 1] }
  const gradients = { dense: [30, 1, 40, 1], bias: [3, 4], depthwise: [9, 0, 0, 9], last: [50, 50] }

  test('brings each unit to a share of the norm of its weights, a bias as a whole, and leaves the output alone', () => {
    const clipped = transformOnce({ use: 'adaptiveClip', ratio: 0.5, epsilon: 0.1 }, gradients, {
      about,
      weights
    })
    const small = 0.05 / Math.SQRT2
    close(clipped.dense, [1.5, small, 2, small])
    close(clipped.bias, [0.03, 0.04])
    close(clipped.depthwise, [0.5, 0, 0, 1])
    expect(clipped.last).toEqual([50, 50])
  })

  test('leaves every bit of a unit that is short enough', () => {
    const word = { use: 'adaptiveClip', ratio: 1e6 }
    expect(transformOnce(word, gradients, { about, weights })).toEqual(gradients)
  })
})

describe('autoClip', () => {
  /** The percentile of values as NumPy has it. */
  function percentileOf(values: number[], percentile: number): number {
    const sorted = [...values].sort((x, y) => x - y)
    const rank = (percentile / 100) * (sorted.length - 1)
    const low = Math.floor(rank)
    return sorted[low] + (rank - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low])
  }

  test.each([0, 10, 37.5, 100])(
    'clips to percentile %s of all norms so far, this one among them',
    (percentile) => {
      const random = randomFrom('norms', percentile)
      const norms = Array.from({ length: 25 }, () => Math.fround(10 * random()))
      const results = runTransform({ use: 'autoClip', percentile }, norms.map(ofNorm))
      const limits = norms.map((_, step) => percentileOf(norms.slice(0, step + 1), percentile))
      close(
        results.map(({ threshold }) => threshold ?? NaN),
        limits
      )
      close(
        normsOf(results),
        norms.map((each, step) => Math.min(each, limits[step]))
      )
      const isClipped = norms.map((each, step) => Number(each > limits[step] * (1 + 1e-6)))
      expect(results.map(({ clipped }) => clipped)).toEqual(isClipped)
    }
  )

  test('forgets norms that are more than 1,000 updates old', () => {
    const norms = [...Array<number>(1000).fill(1), ...Array<number>(1000).fill(5)]
    const results = runTransform(
      { use: 'autoClip', percentile: 0 },
      norms.map((each) => ({ a: [each] }))
    )
    expect([results[0], results[1998], results[1999]].map(({ threshold }) => threshold)).toEqual([1, 1, 5])
  })

  test('notes norms beyond 32 bits as numbers', () => {
    const huge = { a: [3e38, 3e38], b: [3e38, 0] }
    const [{ state }] = runTransform({ use: 'autoClip' }, [huge])
    expect(state.every(Number.isFinite)).toBe(true)
  })
})

describe('zClip', () => {
  const word = { use: 'zClip', warmup: 4, deviations: 2, alpha: 0.9 }

  test('lets everything through while it learns, then brings a spike below the usual norms and notes it so', () => {
    const norms = [1, 3, 1, 3, 2, 10, 2]
    const results = runTransform(word, norms.map(ofNorm))
    let [mean, variance] = [2, 1]
    const expected = norms.map((each, step) => {
      if (step < 4) return each
      const z = (each - mean) / (Math.sqrt(variance) + 1e-6)
      const limited = z > 2 ? mean + (4 * Math.sqrt(variance)) / z : each
      mean = 0.9 * mean + 0.1 * limited
      variance = 0.9 * variance + 0.1 * (limited - mean) ** 2
      return limited
    })
    close(normsOf(results), expected)
    close(results[6].state, [mean, variance])
    expect(results.map(({ clipped }) => clipped)).toEqual([0, 0, 0, 0, 0, 1, 0])
    expect(results[0].threshold).toBe(Infinity)
  })

  test('limits every norm where there is a highest threshold', () => {
    const results = runTransform({ ...word, max: 2.5 }, [1, 3, 1, 3, 2, 2.6].map(ofNorm))
    close(normsOf(results), [1, 2.5, 1, 2.5, 2, 2.5])
  })

  test('norms that have all been zero do not hold the gradients at zero', () => {
    const results = runTransform(word, [0, 0, 0, 0, 0, 3, 3].map(ofNorm))
    expect(
      normsOf(results)
        .slice(5)
        .every((each) => each > 0)
    ).toBe(true)
  })

  test('notes norms beyond 32 bits as numbers', () => {
    const huge = { a: [3e38, 3e38], b: [3e38, 0] }
    const results = runTransform(word, Array(8).fill(huge) as Lists[])
    for (const { state } of results) expect(state.every(Number.isFinite)).toBe(true)
  })
})

describe('adaGc', () => {
  const word = { use: 'adaGc', warmup: 2, absolute: 5, relative: 1.5, beta: 0.5 }

  test('clips all together in the warm-up, then each tensor to its own usual norm', () => {
    const results = runTransform(word, [
      { a: [6], b: [8] },
      { a: [1], b: [2] },
      { a: [9], b: [1] },
      { a: [9], b: [9] }
    ])
    // Usual norms: 3 and 4 of the first clip to 5, then 1 and 2.
    const [, second] = [1 + 0.5 * 0.5, 2 - 0.5]
    const first = 0.5 * 1 + 0.5 * 1.5
    close(
      results.map(({ gradients }) => gradients.a[0]),
      [3, 1, 1.5, 1.5 * first]
    )
    close(
      results.map(({ gradients }) => gradients.b[0]),
      [4, 2, 1, 1.5 * second]
    )
    expect(results.map(({ clipped }) => clipped)).toEqual([1, 0, 1, 1])
    expect(results.map(({ threshold }) => threshold)).toEqual([undefined, undefined, undefined, undefined])
  })

  test('a tensor without gradients in the warm-up is not held at zero afterwards', () => {
    const silent = { a: [1], b: [0] }
    const results = runTransform(word, [
      silent,
      silent,
      { a: [1], b: [7] },
      { a: [1], b: [0] },
      { a: [1], b: [100] }
    ])
    close(
      results.map(({ gradients }) => gradients.b[0]),
      [0, 0, 7, 0, 10.5]
    )
  })
})

const clips = [
  { use: 'adaptiveClip' },
  { use: 'autoClip' },
  { use: 'zClip', warmup: 2 },
  { use: 'zClip', warmup: 2, max: 1 },
  { use: 'adaGc', warmup: 2 }
]
describe.each(clips)('%o', (word) => {
  const about = [tensorOf('a', { shape: [2, 2] }), tensorOf('b', { shape: [2], role: 'bias' })]
  const usual: Lists = { a: [1, -2, 3, -4], b: [1, 1] }

  test('leaves a gradient of zero as it is', () => {
    const zero = { a: [0, 0, 0, 0], b: [0, 0] }
    const results = runTransform(word, [usual, usual, zero, zero], { about })
    expect(results.slice(2).map(({ gradients }) => gradients)).toEqual([zero, zero])
    for (const { state } of results) expect(state.every(Number.isFinite)).toBe(true)
  })

  test.each([NaN, Infinity, -Infinity])('never hides %s, at the start or later', (bad) => {
    const broken = { a: [1, bad, 3, -4], b: [1, 1] }
    for (const before of [0, 1, 2, 3]) {
      const steps = [...Array<Lists>(before).fill(usual), broken]
      const last = runTransform(word, steps, { about }).at(-1)
      expect(last?.gradients.a[1]).toBe(bad)
    }
  })
})
