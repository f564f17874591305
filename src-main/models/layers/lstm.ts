import * as tf from '@tensorflow/tfjs-core'
import { activations } from '../activations'
import type { LayerDefinition } from '../layer'
import { slopes, type Elementwise } from '../slopes'
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
    const gates = tf.sigmoid(x)
    const [i, f, , o] = tf.split(gates, 4, 1)
    const candidate = tf.slice(x, [0, 2 * units], [-1, units])
    const g = activations[activation](candidate)
    const memory = tf.add(tf.mul(f, c), tf.mul(i, g))
    const shown = activations[activation](memory)
    return { carried: [tf.mul(o, shown), memory], kept: { gates, candidate, g, shown } }
  },
  turn({ before: [, c], after: [, memory], kept: { gates, candidate, g, shown } }) {
    const [i, f, , o] = tf.split(gates, 4, 2)
    const [ofI, ofF, , ofO] = tf.split(slopes.sigmoid(gates, gates), 4, 2)
    const forgotten = tf.unstack(f)
    const outputToMemory = tf.unstack(tf.mul(o, slopes[activation](shown, memory)))
    const memoryToGates = [tf.mul(g, ofI), tf.mul(c, ofF), tf.mul(i, slopes[activation](g, candidate))]
    const toProduct = tf.unstack(tf.concat([...memoryToGates, tf.mul(shown, ofO)], 2))
    return {
      step([output, carried], index) {
        const through = tf.mul(output, outputToMemory[index])
        const memory = carried ? tf.add(carried, through) : through
        const towards = tf.concat([memory, memory, memory, output], 1)
        return {
          product: tf.mul(towards, toProduct[index]),
          carried: [undefined, tf.mul(memory, forgotten[index])]
        }
      },
      inputs: (products) => products
    }
  }
})
