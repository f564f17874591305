import { beforeAll, describe, expect, test } from 'vitest'
import { optimizers } from '#contract/vocabulary'
import { relativeError } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'
import { runOptimizer } from './run-optimizer'

beforeAll(startCpu)

const close = (found: readonly number[], expected: readonly number[]): void =>
  expect(relativeError(found, expected)).toBeLessThan(1e-6)
const ofKernel = (...steps: number[][]) => steps.map((kernel) => ({ kernel, bias: [0, 0] }))

describe.each(Object.keys(optimizers))('%s', (use) => {
  test('a gradient of zero moves nothing, whatever the weights are', () => {
    for (const kernel of [
      [1, 2],
      [0, 0]
    ]) {
      const steps = ofKernel([0, 0], [0, 0], [0, 0])
      const results = runOptimizer({ use, decay: 0 }, steps, { weights: { kernel, bias: [0, 0] } })
      for (const { updates, state } of results) {
        expect([...updates.kernel, ...updates.bias].map(Math.abs)).toEqual([0, 0, 0, 0])
        expect(state.every(Number.isFinite)).toBe(true)
      }
    }
  })

  test.each([NaN, Infinity, -Infinity])('%s comes out as something that is not finite', (bad) => {
    const results = runOptimizer({ use }, ofKernel([1, 1], [1, bad]))
    expect(Number.isFinite(results[1].updates.kernel[1])).toBe(false)
  })

  test('bounded gradients keep state and updates bounded for a long run', () => {
    const [{ updates, state }] = runOptimizer({ use }, ofKernel([1e-20, 1e15]), { first: 2_000_000 })
    expect([...updates.kernel, ...state].every(Number.isFinite)).toBe(true)
  })
})

test('the rate of LAMB for a tensor is at most ten times the rate, and that of a bias is the rate', () => {
  const weights = { kernel: [3000, 4000], bias: [3000, 4000] }
  const steps = [{ kernel: [3, 4], bias: [3, 4] }]
  const [{ updates }] = runOptimizer({ use: 'lamb', epsilon: 1e-12 }, steps, { weights })
  close(updates.kernel, [-10, -10])
  close(updates.bias, [-1, -1])
})

test('LARS moves weights by a share of their norm, however large the gradient, and a bias by the gradient', () => {
  const weights = { kernel: [3, 4], bias: [3, 4] }
  for (const size of [1e-30, 1, 1e15]) {
    const steps = [{ kernel: [0, size], bias: [0, size] }]
    const [{ updates }] = runOptimizer({ use: 'lars', trust: 0.1 }, steps, { weights })
    close(updates.kernel, [0, -0.5])
    close(updates.bias, [0, -size])
  }
})

test('StableAdamW lowers the rate of a tensor whose gradient is larger than its running size', () => {
  const word = { use: 'stableAdamw', decay: 0, beta1: 0, beta2: 0.75, epsilon: 1e-12 }
  const [, { updates }] = runOptimizer(word, ofKernel([1, 1], [7, 7]))
  // The share of the second square is 0.25/(1 − 0.75²) = 4/7, so v = 3/7 + 4 · 7 and R = 7/√v.
  const v = 3 / 7 + 28
  close(updates.kernel, Array(2).fill(-(7 / Math.sqrt(v)) / (7 / Math.sqrt(v))))
})

describe('SPAM', () => {
  const word = {
    use: 'spam',
    theta: 4,
    reset: 1000,
    warmup: 0,
    spared: 2,
    beta1: 0,
    beta2: 0.5,
    epsilon: 1e-12
  }

  test('cuts a number whose square is too many times its running mean square, and keeps its sign', () => {
    const results = runOptimizer(word, ofKernel([1, 1], [-100, 1]))
    // v is 1/2 after the first step: 100 becomes √(4 · 1/2), and v 1/4 + 1.
    const correction = Math.sqrt(1 - 0.5 ** 2)
    close(results[1].updates.kernel, [
      (Math.SQRT2 / Math.sqrt(1.25)) * correction,
      (-1 / Math.sqrt(0.75)) * correction
    ])
  })

  test('spares the first updates and those behind a reset, which forgets what was before', () => {
    const steps = ofKernel([1, 1], [1, 1], [1, 1], [1, 1], [100, 1])
    const [, , , atReset, behind] = runOptimizer({ ...word, reset: 4 }, steps)
    expect(atReset.state).toEqual([1, 1, 0, 0, 0.5, 0.5, 0, 0])
    expect(behind.state.slice(4, 6)).toEqual([0.25 + 5000, 0.75])
  })

  test('rises from a hundredth of the rate to the rate behind a reset', () => {
    const steps = ofKernel(...Array.from({ length: 8 }, () => [1, 1]))
    const long = { ...word, beta2: 0, theta: 1e9 }
    const results = runOptimizer({ ...long, reset: 4, warmup: 2 }, steps)
    const lowered = [1, 2].map((each) => 1 - (0.99 * (1 + Math.cos((Math.PI * each) / 3))) / 2)
    close(
      results.map(({ updates }) => -updates.kernel[0]),
      [1, 1, 1, ...lowered, 1, 1, lowered[0]]
    )
  })

  test('does not hold at zero what it has never seen', () => {
    const steps = ofKernel([0, 1], [0, 1], [0, 1], [9, 1])
    const { updates } = runOptimizer(word, steps)[3]
    expect(updates.kernel[0]).toBeLessThan(-1)
  })
})
