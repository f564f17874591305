import * as tf from '@tensorflow/tfjs-core'
import { activations } from '../activations'
import type { LayerDefinition, ParameterPlan } from '../layer'
import { passBack, type Elementwise } from '../slopes'
import { planRecurrent } from './recurrent'
import { productOf, type Cell } from './through-time'

/**
 * h ← z·h + (1 − z)·activation(x·kernel + r·(h·recurrentKernel)) at each step, with gates z and r through a sigmoid
 * (Cho et al., 2014). The order is z, r, candidate and r acts on the product, as in Keras; the bias, [2, 3 · units],
 * has a row for the input and one for the product.
 */
export const gru: LayerDefinition<'gru'> = {
  plan(options, place) {
    const { units, useBias, activation, biasInitializer } = options
    const width = 3 * units
    const bias: ParameterPlan = {
      role: 'bias',
      shape: [2, width],
      fanIn: 2,
      fanOut: width,
      initializer: biasInitializer
    }
    return planRecurrent(options, place, {
      cell: cellOf(units, activation),
      gates: 3,
      bias: useBias ? [bias] : [],
      biasesOf({ bias }) {
        if (!bias) return {}
        const [input, recurrent] = tf.unstack(bias)
        return { input, recurrent }
      }
    })
  }
}

const cellOf = (units: number, activation: Elementwise): Cell => ({
  units,
  carries: 1,
  step(input, [h], weights) {
    const split = (x: tf.Tensor): tf.Tensor[] => tf.split(x, [2 * units, units], 1)
    const [inputGates, x] = split(input)
    const [recurrentGates, back] = split(productOf(h, weights))
    const [z, r] = tf.split(tf.sigmoid(tf.add(inputGates, recurrentGates)), 2, 1)
    const candidate = tf.add(x, tf.mul(r, back))
    const next = activations[activation](candidate)
    const difference = tf.sub(h, next)
    return {
      carried: [tf.add(next, tf.mul(z, difference))],
      kept: [z, r, back, candidate, next, difference]
    }
  },
  stepBack([towards], _, { kept: [z, r, back, candidate, next, difference] }) {
    const past = tf.mul(towards, z)
    const toCandidate = passBack(activation, tf.sub(towards, past), next, candidate)
    const toZ = passBack('sigmoid', tf.mul(towards, difference), z, z)
    const toR = passBack('sigmoid', tf.mul(toCandidate, back), r, r)
    return {
      input: tf.concat([toZ, toR, toCandidate], 1),
      product: tf.concat([toZ, toR, tf.mul(toCandidate, r)], 1),
      carried: [past]
    }
  }
})
