import * as tf from '@tensorflow/tfjs-core'
import type { ParameterInfo, ParameterTable } from '#contract/model'
import { gradientStep, type GradientStep } from '#contract/vocabulary'
import { buildChain } from '../../../src-main/gradients/chain'
import type { Tensors } from '../../../src-main/gradients/transform'
import { valuesOf } from '../../oracles/closeness'

/** Values of tensors by name. */
export type Lists = Record<string, number[]>
type Word = { use: string; [option: string]: unknown }

/** What is told of one step of a transform. */
export interface Result {
  gradients: Lists
  /** Everything that it keeps, in order. */
  state: number[]
  threshold?: number
  clipped?: number
}

/** A tensor of the table that a transform is built for; a kernel of a hidden layer unless it is said otherwise. */
export const tensorOf = (name: string, about: Partial<ParameterInfo> = {}): ParameterInfo => ({
  name,
  layer: 'dense_1',
  role: 'kernel',
  shape: [1],
  fanIn: 1,
  fanOut: 1,
  isOutput: false,
  ...about
})

/**
 * Runs a transform over the gradients of some steps, in float32. Tensors without a row in `about` are vectors;
 * `weights` are ones where they are not given.
 */
export function runTransform(
  word: Word,
  steps: readonly Lists[],
  { about = [], weights, first = 0 }: { about?: ParameterTable; weights?: Lists; first?: number } = {}
): Result[] {
  const words: GradientStep[] = [gradientStep.parse(word), { use: 'sgd', rate: 1, decay: 0 }]
  const chain = buildChain(words, about)
  const shapes = new Map(about.map(({ name, shape }) => [name, shape]))
  const tensors = (lists: Lists): Tensors =>
    Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [name, tf.tensor(list, shapes.get(name) ?? [list.length])])
    )
  const ones = Object.fromEntries(Object.entries(steps[0]).map(([name, list]) => [name, list.map(() => 1)]))
  const parameters = tensors(weights ?? ones)
  let state = chain.init(parameters)
  return steps.map((gradients, index) => {
    const step = first + index
    const numbers = chain.scalars({ step, updates: step, epoch: 0, stepsPerEpoch: 1 }, words)
    const fed = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]))
    const seed = tf.tensor1d([7, step], 'int32')
    const result = chain.update(tensors(gradients), state, parameters, fed, seed)
    state = result.state
    return {
      gradients: Object.fromEntries(
        Object.entries(result.entering).map(([name, tensor]) => [name, valuesOf(tensor)])
      ),
      state: Object.values(state).flatMap(valuesOf),
      ...(result.threshold && { threshold: valuesOf(result.threshold)[0] }),
      ...(result.clipped && { clipped: valuesOf(result.clipped)[0] })
    }
  })
}

/** What a transform makes of the gradients of one step. */
export const transformOnce = (
  word: Word,
  gradients: Lists,
  options: Parameters<typeof runTransform>[2] = {}
): Lists => runTransform(word, [gradients], options)[0].gradients
