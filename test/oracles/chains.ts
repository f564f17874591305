import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import type { ParameterTable } from '#contract/model'
import type { Tensors } from '../../src-main/gradients/transform'

/** Numbers of each tensor, by its name. */
export type Lists = Record<string, number[]>

/** What another program made of the same weights and gradients, step by step. */
export interface ChainOracle {
  madeBy: string
  shapes: Lists
  initial: Lists
  /** Of each step. */
  gradients: Lists[]
  /**
   * A chain and the weights after each step. `differs` says where the other program has another convention, and how the
   * case is set up for that.
   */
  cases: { chain: { use: string }[]; path: Lists[]; differs?: string }[]
}

const read = (file: string): ChainOracle =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as ChainOracle
/** Keras, optax and papers. */
export const optimizerOracle = read('optimizers.json')
/** PyTorch has the same weights and gradients. */
export const pytorchOracle = read('pytorch.json')

/** Every case of both, named for a title. */
export const chainCases = [optimizerOracle, pytorchOracle].flatMap(({ madeBy, cases }) =>
  cases.map(({ chain, path }) => ({ madeBy, chain, path, named: JSON.stringify(chain) }))
)

/** The table of the two tensors that the oracles speak of. */
export const chainTable: ParameterTable = (['kernel', 'bias'] as const).map((role) => ({
  name: role,
  layer: 'dense_1',
  role,
  shape: optimizerOracle.shapes[role],
  fanIn: 3,
  fanOut: 2,
  isOutput: false
}))

/** Lists as tensors of their shapes. */
export const tensorsOf = (lists: Lists): Tensors =>
  Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, tf.tensor(list, optimizerOracle.shapes[name])])
  )
