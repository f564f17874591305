import * as tf from '@tensorflow/tfjs-core'
import type { Tensors } from '../layer'

/** Tensors of which some may be nothing: a gradient of 0. */
type Towards = (tf.Tensor | undefined)[]

/** What goes through a sequence, one step after the other. */
export interface Cell {
  units: number
  /** How many tensors [batch, units] it carries from step to step, all 0 at first; the first is its output. */
  carries: number
  /** One step: what it carries on, and keeps for the way back, from its input, [batch, width], and what it carried. */
  step(input: tf.Tensor, carried: tf.Tensor[], weights: Weights): { carried: tf.Tensor[]; kept: Tensors }
  /** Gets ready for the way back. */
  turn(past: Past): WayBack
}

/** What acts on the output of the step before: output · kernel + bias is the product of a step, [batch, width]. */
export interface Weights {
  kernel: tf.Tensor
  bias: tf.Tensor | undefined
}

/** What was carried before and after each step, and what each step kept: one tensor [length, batch, …] each. */
export interface Past {
  before: tf.Tensor[]
  after: tf.Tensor[]
  kept: Tensors
}

/** The gradients of a cell, step by step. */
export interface WayBack {
  /** From what reaches what a step carried on: what reaches its product and, by other ways, what it carried before. */
  step(towards: [tf.Tensor, ...Towards], index: number): { product: tf.Tensor; carried: Towards }
  /** What reaches the inputs, from what reached the products and the outputs; each [length, batch, …]. */
  inputs(products: tf.Tensor, outputs: tf.Tensor): tf.Tensor
}

/** The product of a step. */
export const productOf = (output: tf.Tensor, { kernel, bias }: Weights): tf.Tensor => {
  const product = tf.matMul(output, kernel)
  return bias ? tf.add(product, bias) : product
}

/**
 * Takes a cell through inputs [length, batch, width] and gives all its outputs, [batch, length, units], or the last,
 * [batch, units]. The way back is written out (backpropagation through time; Werbos, 1990): what does not depend on the
 * step behind, such as slopes and the gradients of the weights, is computed for all steps at once. That leaves a third
 * of the ops that differentiating op by op takes.
 */
export function runThroughTime(
  cell: Cell,
  inputs: tf.Tensor,
  weights: Weights,
  returnSequences: boolean
): tf.Tensor {
  const { kernel, bias } = weights
  const [length, batch] = inputs.shape
  return tf.customGrad((...given) => {
    const save = given[given.length - 1] as tf.GradSaveFunc
    const { before, after, kept } = goForward(cell, inputs, weights)
    const outputs = after[0]
    save([...[...before, ...after, ...Object.values(kept)].map((steps) => tf.stack(steps)), kernel])
    return {
      value: returnSequences ? tf.stack(outputs, 1) : outputs[length - 1],
      gradFunc(dy, saved) {
        const tensors = [...(saved as tf.Tensor[])]
        const past = {
          before: tensors.splice(0, cell.carries),
          after: tensors.splice(0, cell.carries),
          kept: Object.fromEntries(Object.keys(kept).map((name, index) => [name, tensors[index]]))
        }
        const kernel = tensors[tensors.length - 1]
        const reached: Towards = returnSequences
          ? tf.unstack(dy as tf.Tensor, 1)
          : Array.from({ length }, (_, index) => (index === length - 1 ? (dy as tf.Tensor) : undefined))
        const wayBack = cell.turn(past)
        const { products, outputs } = goBack(wayBack, reached, tf.transpose(kernel))
        const rowsOf = (steps: tf.Tensor): tf.Tensor => tf.reshape(steps, [length * batch, -1])
        return [
          wayBack.inputs(products, outputs),
          tf.matMul(rowsOf(past.before[0]), rowsOf(products), true),
          ...(bias ? [tf.sum(products, [0, 1])] : [])
        ]
      }
    }
  })(inputs, kernel, ...(bias ? [bias] : []))
}

/** All steps; each list holds one tensor for each of them. */
function goForward(
  cell: Cell,
  inputs: tf.Tensor,
  weights: Weights
): { before: tf.Tensor[][]; after: tf.Tensor[][]; kept: Record<string, tf.Tensor[]> } {
  const nothing = tf.zeros([inputs.shape[1] as number, cell.units])
  let carried = Array.from({ length: cell.carries }, (): tf.Tensor => nothing)
  const steps = tf.unstack(inputs).map((input) => {
    const before = carried
    const { carried: after, kept } = cell.step(input, before, weights)
    carried = after
    return { before, after, kept }
  })
  return {
    before: carried.map((_, index) => steps.map(({ before }) => before[index])),
    after: carried.map((_, index) => steps.map(({ after }) => after[index])),
    kept: Object.fromEntries(
      Object.keys(steps[0].kept).map((name) => [name, steps.map(({ kept }) => kept[name])])
    )
  }
}

/** What reaches products and outputs, [length, batch, …], from what reaches the outputs from outside. */
function goBack(
  wayBack: WayBack,
  reached: Towards,
  transposedKernel: tf.Tensor
): { products: tf.Tensor; outputs: tf.Tensor } {
  const products: tf.Tensor[] = []
  const outputs: tf.Tensor[] = []
  let carried: Towards = []
  for (let index = reached.length - 1; index >= 0; index--) {
    const [first, ...others] = carried
    const output = add(reached[index], first) as tf.Tensor
    const step = wayBack.step([output, ...others], index)
    products[index] = step.product
    outputs[index] = output
    carried = [...step.carried]
    carried[0] = add(tf.matMul(step.product, transposedKernel), step.carried[0])
  }
  return { products: tf.stack(products), outputs: tf.stack(outputs) }
}

const add = (a: tf.Tensor | undefined, b: tf.Tensor | undefined): tf.Tensor | undefined =>
  a && b ? tf.add(a, b) : (a ?? b)
