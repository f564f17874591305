import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { ParameterTable } from '#contract/model'
import { gradientStep, isOptimizer, optimizers, transforms } from '#contract/vocabulary'
import { buildChain } from '../../src-main/gradients/chain'
import type { Tensors } from '../../src-main/gradients/transform'
import { relativeError, valuesOf } from '../oracles/closeness'
import { startCpu } from '../oracles/cpu'

/** Keras corrects the bias of Adam in 32 bits and is up to 2.1e-6 away from its own formula in double precision. */
const TOLERANCE = 3e-6

type Lists = Record<string, number[]>
interface Oracle {
  shapes: Lists
  initial: Lists
  gradients: Lists[]
  cases: { chain: { use: string }[]; path: Lists[] }[]
}

const oracle = JSON.parse(
  readFileSync(new URL('../oracles/optimizers.json', import.meta.url), 'utf8')
) as Oracle
const about: ParameterTable = (['kernel', 'bias'] as const).map((role) => ({
  name: role,
  layer: 'dense_1',
  role,
  shape: oracle.shapes[role],
  fanIn: 3,
  fanOut: 2,
  isOutput: false
}))
const tensorsOf = (lists: Lists): Tensors =>
  Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, tf.tensor(list, oracle.shapes[name])])
  )

beforeAll(startCpu)

test.each(oracle.cases.map((each) => [JSON.stringify(each.chain), each] as const))(
  '%s goes the way that the oracle goes for ten steps',
  (_, { chain: words, path }) => {
    const steps = words.map((word) => gradientStep.parse(word))
    const chain = buildChain(steps, about)
    let parameters = tensorsOf(oracle.initial)
    let state = chain.init(parameters)
    oracle.gradients.forEach((gradients, step) => {
      const numbers = chain.scalars({ step, updates: step, epoch: 0, stepsPerEpoch: 1 }, steps)
      const fed = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]))
      const result = chain.update(
        tensorsOf(gradients),
        state,
        parameters,
        fed,
        tf.tensor1d([1, step], 'int32')
      )
      state = result.state
      parameters = Object.fromEntries(
        Object.entries(parameters).map(([name, tensor]) => [name, tf.add(tensor, result.updates[name])])
      )
      const errors = Object.entries(path[step]).map(([name, expected]) =>
        relativeError(valuesOf(parameters[name]), expected)
      )
      expect(Math.max(...errors)).toBeLessThanOrEqual(TOLERANCE)
    })
  }
)

test('every optimizer and every transform that is not random has an oracle', () => {
  const first = oracle.cases.map(({ chain }) => gradientStep.parse(chain[0]))
  const words = new Set(first.map(({ use }) => use))
  expect([...words].sort()).toEqual(
    [...Object.keys(optimizers), ...Object.keys(transforms).filter((use) => use !== 'noise')].sort()
  )
  // Each optimizer also with a decay.
  const decayed = first.filter(isOptimizer).filter(({ decay }) => decay > 0)
  expect(new Set(decayed.map(({ use }) => use))).toEqual(new Set(Object.keys(optimizers)))
})
