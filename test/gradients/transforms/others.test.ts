import { beforeAll, describe, expect, test } from 'vitest'
import { startCpu } from '../../oracles/cpu'
import { registerUniformKernel } from '../../models/uniform-kernel'
import { runTransform, tensorOf, transformOnce } from './run-transform'

beforeAll(async () => {
  await startCpu()
  registerUniformKernel(() => {})
})

const about = [
  tensorOf('kernel', { shape: [2, 2] }),
  tensorOf('bias', { role: 'bias', shape: [2] }),
  tensorOf('depthwise', { role: 'depthwiseKernel', shape: [2, 1, 1, 2] })
]

test('centralizing takes off the mean over what enters each unit, and leaves a bias as it is', () => {
  const gradients = { kernel: [1, 10, 3, 30], bias: [5, 7], depthwise: [1, 2, 3, 8] }
  expect(transformOnce({ use: 'centralize' }, gradients, { about })).toEqual({
    kernel: [-1, -10, 1, 10],
    bias: [5, 7],
    depthwise: [-1, -3, 1, 3]
  })
})

test('an L2 penalty adds lambda times the weight, to weights alone', () => {
  const gradients = { kernel: [1, 1, 1, 1], bias: [1, 1], depthwise: [0, 0, 0, 0] }
  const weights = { kernel: [2, -4, 0, 8], bias: [3, 3], depthwise: [1, 1, 1, 1] }
  expect(transformOnce({ use: 'l2', lambda: 0.5 }, gradients, { about, weights })).toEqual({
    kernel: [2, -1, 1, 5],
    bias: [1, 1],
    depthwise: [0.5, 0.5, 0.5, 0.5]
  })
})

describe('noise', () => {
  const COUNT = 4000
  const zeros = { first: Array<number>(COUNT).fill(0), second: Array<number>(COUNT).fill(0) }

  test.each([0, 100])('has mean 0 and the variance eta/(1 + t)^0.55 at step %i', (first) => {
    const { gradients } = runTransform({ use: 'noise', eta: 0.3 }, [zeros], { first })[0]
    const values = gradients.first
    const mean = values.reduce((sum, value) => sum + value, 0) / COUNT
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT
    const expected = 0.3 / (1 + first) ** 0.55
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(expected / COUNT))
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.1)
  })

  test('is the same at the same step and another one at the next, and differs between tensors', () => {
    const [now, next] = runTransform({ use: 'noise' }, [zeros, zeros], { first: 5 })
    const [again] = runTransform({ use: 'noise' }, [zeros], { first: 5 })
    expect(again.gradients).toEqual(now.gradients)
    const alike = (left: number[], right: number[]): number =>
      left.filter((value, index) => value === right[index]).length
    expect(alike(now.gradients.first, next.gradients.first)).toBeLessThan(COUNT / 100)
    expect(alike(now.gradients.first, now.gradients.second)).toBeLessThan(COUNT / 100)
  })

  test('without a variance changes nothing', () => {
    const gradients = { a: [1, -2, 0] }
    expect(transformOnce({ use: 'noise', eta: 0 }, gradients)).toEqual(gradients)
  })
})

test.each([{ use: 'centralize' }, { use: 'l2' }, { use: 'noise' }])(
  '$use hides neither NaN nor Inf',
  (word) => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const { kernel } = transformOnce(word, { kernel: [1, bad, 2, 3] }, { about })
      expect(Number.isFinite(kernel[1])).toBe(false)
    }
  }
)
