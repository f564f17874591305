import * as tf from '@tensorflow/tfjs-core'

/** Tensors of which some may be nothing: a gradient of 0. */
type Towards = (tf.Tensor | undefined)[]

/** What goes through a sequence, one step after the other. */
export interface Cell {
  units: number
  /** How many tensors [batch, units] it carries from step to step, all 0 at first; the first is its output. */
  carries: number
  /** One step: what it carries on, and keeps for the way back, from its input, [batch, width], and what it carried. */
  step(input: tf.Tensor, carried: tf.Tensor[], weights: Weights): Step
  /** From what reaches what a step carried on: what reaches its input, its product, and what it carried before. */
  stepBack(
    towards: [tf.Tensor, ...Towards],
    before: tf.Tensor[],
    step: Step
  ): { input: tf.Tensor; product: tf.Tensor; carried: Towards }
}

/** What a step carries on and what it keeps for the way back. */
export interface Step {
  carried: tf.Tensor[]
  kept: tf.Tensor[]
}

/** What acts on the output of the step before: output · kernel + bias is the product of a step, [batch, width]. */
export interface Weights {
  kernel: tf.Tensor
  bias: tf.Tensor | undefined
}

/** The product of a step. */
export const productOf = (output: tf.Tensor, { kernel, bias }: Weights): tf.Tensor => {
  const product = tf.matMul(output, kernel)
  return bias ? tf.add(product, bias) : product
}

/**
 * Takes a cell through inputs [length, batch, width] and gives all its outputs, [batch, length, units], or the last,
 * [batch, units]. The way back is written out (backpropagation through time; Werbos, 1990): it takes half of the ops
 * that differentiating op by op takes, because the gradients of the weights are computed for all steps at once.
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
    const nothing = tf.zeros([batch, cell.units])
    const steps: Step[] = [{ carried: Array.from({ length: cell.carries }, () => nothing), kept: [] }]
    for (const input of tf.unstack(inputs))
      steps.push(cell.step(input, steps[steps.length - 1].carried, weights))
    save([kernel, ...steps.flatMap(({ carried, kept }) => [...carried, ...kept])])
    const outputs = steps.slice(1).map(({ carried }) => carried[0])
    return {
      value: returnSequences ? tf.stack(outputs, 1) : outputs[length - 1],
      gradFunc(dy, saved) {
        const [kernel, ...tensors] = saved as tf.Tensor[]
        const past = steps.map(({ carried, kept }) => ({
          carried: tensors.splice(0, carried.length),
          kept: tensors.splice(0, kept.length)
        }))
        const towards = returnSequences ? tf.unstack(dy as tf.Tensor, 1) : []
        if (!returnSequences) towards[length - 1] = dy as tf.Tensor
        const { inputs, products } = goBack(cell, past, towards, tf.transpose(kernel))
        return [
          tf.stack(inputs),
          tf.addN(products.map((product, index) => tf.matMul(past[index].carried[0], product, true))),
          ...(bias ? [tf.sum(tf.addN(products), 0)] : [])
        ]
      }
    }
  })(inputs, kernel, ...(bias ? [bias] : []))
}

function goBack(
  cell: Cell,
  past: Step[],
  towards: Towards,
  transposedKernel: tf.Tensor
): { inputs: tf.Tensor[]; products: tf.Tensor[] } {
  const inputs: tf.Tensor[] = []
  const products: tf.Tensor[] = []
  let carried: Towards = []
  for (let index = past.length - 2; index >= 0; index--) {
    const [first, ...others] = carried
    const output = add(towards[index], first) as tf.Tensor
    const step = cell.stepBack([output, ...others], past[index].carried, past[index + 1])
    inputs[index] = step.input
    products[index] = step.product
    carried = [...step.carried]
    carried[0] = add(tf.matMul(step.product, transposedKernel), step.carried[0])
  }
  return { inputs, products }
}

const add = (a: tf.Tensor | undefined, b: tf.Tensor | undefined): tf.Tensor | undefined =>
  a && b ? tf.add(a, b) : (a ?? b)
