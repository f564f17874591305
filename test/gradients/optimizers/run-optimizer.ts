import * as tf from '@tensorflow/tfjs-core'
import type { ParameterTable } from '#contract/model'
import { gradientStep } from '#contract/vocabulary'
import { buildChain } from '../../../src-main/gradients/chain'
import type { Tensors } from '../../../src-main/gradients/transform'
import { valuesOf } from '../../oracles/closeness'

type Lists = Record<string, number[]>
const about: ParameterTable = (['kernel', 'bias'] as const).map((role) => ({
  name: role,
  layer: 'dense_1',
  role,
  shape: [2],
  fanIn: 2,
  fanOut: 2,
  isOutput: false
}))
const tensors = (lists: Lists): Tensors =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, tf.tensor1d(list)]))

/** The updates of an optimizer for the gradients of some steps, from its start or after `first` updates, in float32. */
export function runOptimizer(
  word: { use: string; [option: string]: unknown },
  steps: readonly Lists[],
  { weights = { kernel: [1, 2], bias: [0, 0] }, first = 0 }: { weights?: Lists; first?: number } = {}
): { updates: Lists; state: number[] }[] {
  const words = [gradientStep.parse({ rate: 1, ...word })]
  const chain = buildChain(words, about)
  const parameters = tensors(weights)
  let state = chain.init(parameters)
  return steps.map((gradients, index) => {
    const step = first + index
    const numbers = chain.scalars({ step, updates: step, epoch: 0, stepsPerEpoch: 1 }, words)
    const fed = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]))
    const seed = tf.tensor1d([1, step], 'int32')
    const result = chain.update(tensors(gradients), state, parameters, fed, seed)
    state = result.state
    const updates = Object.entries(result.updates).map(([name, tensor]) => [name, valuesOf(tensor)])
    return {
      updates: Object.fromEntries(updates) as Lists,
      state: Object.values(state).flatMap(valuesOf)
    }
  })
}
