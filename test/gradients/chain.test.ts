import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ParameterTable } from '#contract/model'
import { gradientStep, optimizers, type GradientStep } from '#contract/vocabulary'
import { buildChain, type Chain } from '../../src-main/gradients/chain'
import type { Clock, Tensors } from '../../src-main/gradients/transform'
import { valuesOf } from '../oracles/closeness'
import { startCpu } from '../oracles/cpu'

const about: ParameterTable = (['kernel', 'bias'] as const).map((role) => ({
  name: `dense_1/${role}`,
  layer: 'dense_1',
  role,
  shape: [2],
  fanIn: 2,
  fanOut: 2,
  isOutput: true
}))
const start: Clock = { step: 0, updates: 0, epoch: 0, stepsPerEpoch: 10 }
const chainOf = (...words: { use: string; [option: string]: unknown }[]): GradientStep[] =>
  words.map((word) => gradientStep.parse(word))
const both = (kernel: number[], bias: number[]): Tensors => ({
  'dense_1/kernel': tf.tensor1d(kernel),
  'dense_1/bias': tf.tensor1d(bias)
})
const feed = (chain: Chain, clock: Clock, steps: GradientStep[]): Record<string, tf.Scalar> =>
  Object.fromEntries(
    Object.entries(chain.scalars(clock, steps)).map(([name, value]) => [name, tf.scalar(value)])
  )
const listed = (tensors: Tensors): Record<string, number[]> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, valuesOf(tensor)]))

let seed: tf.Tensor1D
beforeAll(async () => {
  await startCpu()
  seed = tf.tensor1d([1, 2], 'int32')
})

test('live numbers are read from the chain as it is now', () => {
  const steps = chainOf({ use: 'clipByValue', max: 1 }, { use: 'sgd', rate: 0.5 })
  const chain = buildChain(steps, about)
  const now = chainOf(
    { use: 'clipByValue', max: 4 },
    { use: 'sgd', rate: { use: 'warmup', rate: 1, over: 10, unit: 'steps' } }
  )
  const facts = (current: GradientStep[]): unknown => [
    chain.scalars(start, current),
    chain.rate(start, current)
  ]
  expect([facts(steps), facts(now)]).toEqual([
    [{ 'gradients.0/max': 1, 'gradients.1/rate': 0.5 }, 0.5],
    [{ 'gradients.0/max': 4, 'gradients.1/rate': 0.1 }, 0.1]
  ])
})

test('the threshold told is that of the first clip, and whether any clip bit; a chain without clips tells nothing', () => {
  const told = (...words: Parameters<typeof chainOf>): unknown => {
    const steps = chainOf(...words, { use: 'sgd', rate: 1 })
    const chain = buildChain(steps, about)
    const parameters = both([1, 1], [1, 1])
    const state = chain.init(parameters)
    const fed = feed(chain, start, steps)
    const { threshold, clipped } = chain.update(both([3, 4], [0, 0]), state, parameters, fed, seed)
    return [threshold, clipped].map((each) => each && valuesOf(each))
  }
  const wide = { use: 'clipByNorm', max: 7 }
  expect([
    told(wide, { use: 'clipByValue', max: 2 }),
    told({ use: 'l2' }, wide),
    told({ use: 'clipByGlobalNorm', max: 5 }),
    told({ use: 'adaGc', absolute: 4.9 }),
    told({ use: 'centralize' }, { use: 'l2' })
  ]).toEqual([
    [[7], [1]],
    [[7], [0]],
    [[5], [0]],
    [undefined, [1]],
    [undefined, undefined]
  ])
})

test('a chain of other words than it was built with is a bug', () => {
  const steps = chainOf({ use: 'clipByNorm', max: 7 }, { use: 'sgd', rate: 1 })
  const chain = buildChain(steps, about)
  const others = [steps.slice(1), chainOf({ use: 'clipByValue', max: 7 }, { use: 'sgd', rate: 1 })]
  for (const other of others) expect(() => chain.scalars(start, other)).toThrow('clipByNorm, sgd')
})

test('steps act in their order, and what enters the optimizer is seen', () => {
  const steps = chainOf(
    { use: 'clipByValue', max: 3 },
    { use: 'clipByGlobalNorm', max: 1 },
    { use: 'sgd', rate: 10 }
  )
  const chain = buildChain(steps, about)
  const parameters = both([1, 1], [1, 1])
  const { entering, updates } = chain.update(
    both([8, 0], [0, 4]),
    chain.init(parameters),
    parameters,
    feed(chain, start, steps),
    seed
  )
  const half = Math.fround(Math.SQRT1_2)
  const rounded = (lists: Record<string, number[]>): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [name, list.map((value) => value.toFixed(5))])
    )
  expect(rounded(listed(entering))).toEqual(
    rounded({ 'dense_1/kernel': [half, 0], 'dense_1/bias': [0, half] })
  )
  expect(rounded(listed(updates))).toEqual(
    rounded({ 'dense_1/kernel': [-10 * half, -0], 'dense_1/bias': [-0, -10 * half] })
  )
})

test('decay moves kernels alone, by rate times decay', () => {
  const steps = chainOf({ use: 'sgd', rate: 0.5, decay: 0.5 })
  const chain = buildChain(steps, about)
  const parameters = both([4, -8], [4, -8])
  const { updates } = chain.update(both([0, 2], [0, 2]), {}, parameters, feed(chain, start, steps), seed)
  expect(listed(updates)).toEqual({ 'dense_1/kernel': [-1, 1], 'dense_1/bias': [-0, -1] })
})

test('bias correction follows applied updates, not steps', () => {
  const steps = chainOf({ use: 'adam', rate: 1 })
  const chain = buildChain(steps, about)
  const corrected = (step: number, updates: number): number =>
    chain.scalars({ ...start, step, updates }, steps)['gradients.0/correctedRate']
  expect(corrected(9, 0)).toBe(corrected(0, 0))
  expect(corrected(9, 9)).toBeCloseTo(Math.sqrt(1 - 0.999 ** 10) / (1 - 0.9 ** 10), 12)
})

describe.each(Object.keys(optimizers))('%s', (use) => {
  const steps = chainOf({ use: 'clipByGlobalNorm', max: 1 }, { use, rate: 0.1 })
  const chain = buildChain(steps, about)

  test('moves against the first gradient', () => {
    const parameters = both([0, 0], [0, 0])
    const { updates } = chain.update(
      both([1, -2], [3, 0]),
      chain.init(parameters),
      parameters,
      feed(chain, start, steps),
      seed
    )
    const signs = Object.values(listed(updates)).map((list) => list.map((value) => Math.sign(value) || 0))
    expect(signs).toEqual([
      [-1, 1],
      [-1, 0]
    ])
  })

  test('lets a NaN through to be seen', () => {
    const parameters = both([1, 1], [1, 1])
    const { entering, updates } = chain.update(
      both([1, NaN], [1, 1]),
      chain.init(parameters),
      parameters,
      feed(chain, start, steps),
      seed
    )
    expect([entering, updates].map((tensors) => valuesOf(tensors['dense_1/kernel'])[1])).toEqual([NaN, NaN])
  })

  test('keeps a state of fixed names and shapes, and no tensor besides', () => {
    let parameters = both([1, 2], [3, 4])
    let state = chain.init(parameters)
    const shapes = (tensors: Tensors): unknown =>
      Object.entries(tensors).map(([name, { shape }]) => [name, shape])
    const first = shapes(state)
    const step = (number: number): void => {
      const old = [parameters, state]
      ;[parameters, state] = tf.tidy(() => {
        const clock = { ...start, step: number, updates: number }
        const result = chain.update(both([1, 0], [0, 1]), state, parameters, feed(chain, clock, steps), seed)
        const moved = Object.keys(parameters).map((name) => [
          name,
          tf.add(parameters[name], result.updates[name])
        ])
        return [Object.fromEntries(moved), result.state]
      }) as unknown as [Tensors, Tensors]
      tf.dispose(old)
    }
    step(0)
    const before = tf.memory().numTensors
    for (let number = 1; number < 6; number++) step(number)
    expect([shapes(state), tf.memory().numTensors]).toEqual([first, before])
  })
})
