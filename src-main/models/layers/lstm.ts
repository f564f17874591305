import * as tf from '@tensorflow/tfjs-core'
import { activations } from '../activations'
import type { LayerDefinition } from '../layer'
import { passBack, type Elementwise } from '../slopes'
import { planRecurrent } from './recurrent'
import { productOf, type Cell } from './through-time'
import { planBias } from './weights'

/**
 * A memory c and an output h (Hochreiter and Schmidhuber, 1997): c ← f·c + i·activation(g), h ← o·activation(c), where
 * i, f, g, o are x·kernel + h·recurrentKernel + bias in this order, as in Keras, all but g through a sigmoid. The bias
 * of f starts as 1, so that the memory is kept at first (Jozefowicz, Zaremba and Sutskever, 2015).
 */
export const lstm: LayerDefinition<'lstm'> = {
  plan(options, place) {
    const { units, activation } = options
    return planRecurrent(options, place, {
      cell: cellOf(units, activation),
      gates: 4,
      bias: planBias(options, 4 * units).map((plan) => ({ ...plan, ones: [units, 2 * units] })),
      biasesOf: ({ bias }) => ({ input: bias })
    })
  }
}

const cellOf = (units: number, activation: Elementwise): Cell => ({
  units,
  carries: 2,
  step(input, [h, c], weights) {
    const x = tf.add(input, productOf(h, weights))
    // One sigmoid for all four costs less than one for the two before g and one for o.
    const [i, f, , o] = tf.split(tf.sigmoid(x), 4, 1)
    const candidate = tf.slice(x, [0, 2 * units], [-1, units])
    const g = activations[activation](candidate)
    const memory = tf.add(tf.mul(f, c), tf.mul(i, g))
    const shown = activations[activation](memory)
    return { carried: [tf.mul(o, shown), memory], kept: [candidate, i, f, g, o, shown] }
  },
  stepBack([output, carried], [, c], { carried: [, memory], kept: [candidate, i, f, g, o, shown] }) {
    const through = passBack(activation, tf.mul(output, o), shown, memory)
    const towards = carried ? tf.add(carried, through) : through
    const throughSigmoid = (dy: tf.Tensor, y: tf.Tensor): tf.Tensor => passBack('sigmoid', dy, y, y)
    const product = tf.concat(
      [
        throughSigmoid(tf.mul(towards, g), i),
        throughSigmoid(tf.mul(towards, c), f),
        passBack(activation, tf.mul(towards, i), g, candidate),
        throughSigmoid(tf.mul(output, shown), o)
      ],
      1
    )
    return { input: product, product, carried: [undefined, tf.mul(towards, f)] }
  }
})
