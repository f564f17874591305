import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { gradientStep, isOptimizer, optimizers, transforms } from '#contract/vocabulary'
import { buildChain } from '../../src-main/gradients/chain'
import { chainCases, chainTable, optimizerOracle, pytorchOracle, tensorsOf } from '../oracles/chains'
import { relativeError, valuesOf } from '../oracles/closeness'
import { startCpu } from '../oracles/cpu'

/** Keras corrects the bias of Adam in 32 bits and is up to 2.1e-6 away from its own formula in double precision. */
const TOLERANCE = 3e-6

beforeAll(startCpu)

test.each(chainCases)('$named goes the way of $madeBy for ten steps', ({ chain: words, path }) => {
  const steps = words.map((word) => gradientStep.parse(word))
  const chain = buildChain(steps, chainTable)
  let parameters = tensorsOf(optimizerOracle.initial)
  let state = chain.init(parameters)
  optimizerOracle.gradients.forEach((gradients, step) => {
    const numbers = chain.scalars({ step, updates: step, epoch: 0, stepsPerEpoch: 1 }, steps)
    const fed = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]))
    const seed = tf.tensor1d([1, step], 'int32')
    const result = chain.update(tensorsOf(gradients), state, parameters, fed, seed)
    state = result.state
    parameters = Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => [name, tf.add(tensor, result.updates[name])])
    )
    const errors = Object.entries(path[step]).map(([name, expected]) =>
      relativeError(valuesOf(parameters[name]), expected)
    )
    expect(Math.max(...errors)).toBeLessThanOrEqual(TOLERANCE)
  })
})

test('every optimizer and every transform that is not random has an oracle', () => {
  const first = optimizerOracle.cases.map(({ chain }) => gradientStep.parse(chain[0]))
  const words = new Set(first.map(({ use }) => use))
  expect([...words].sort()).toEqual(
    [...Object.keys(optimizers), ...Object.keys(transforms).filter((use) => use !== 'noise')].sort()
  )
  // Each optimizer also with a decay.
  const decayed = first.filter(isOptimizer).filter(({ decay }) => decay > 0)
  expect(new Set(decayed.map(({ use }) => use))).toEqual(new Set(Object.keys(optimizers)))
})

test('PyTorch judges every rule that it has, and a cycle of rate and momentum', () => {
  const chains = pytorchOracle.cases.map(({ chain }) => chain.map((word) => gradientStep.parse(word)))
  expect([...new Set(chains.flat().map(({ use }) => use))].sort()).toEqual(
    [
      ...['sgd', 'momentum', 'nesterov', 'rmsprop', 'adagrad', 'adam', 'adamw', 'nadam'],
      ...['clipByValue', 'clipByNorm', 'clipByGlobalNorm', 'l2']
    ].sort()
  )
  const cycled = chains.flat().filter((step) => isOptimizer(step) && typeof step.rate === 'object')
  expect(cycled.map(({ use }) => use)).toEqual(['momentum', 'adam'])
})
