import * as tf from '@tensorflow/tfjs-core'
import { activations } from '../activations'
import type { LayerDefinition } from '../layer'
import { passBack, type Elementwise } from '../slopes'
import { planRecurrent } from './recurrent'
import { productOf, type Cell } from './through-time'
import { planBias } from './weights'

/** h ← activation(x·kernel + h·recurrentKernel + bias) at each step (Elman, 1990). */
export const simpleRnn: LayerDefinition<'simpleRnn'> = {
  plan: (options, place) =>
    planRecurrent(options, place, {
      cell: cellOf(options.units, options.activation),
      gates: 1,
      bias: planBias(options, options.units),
      biasesOf: ({ bias }) => ({ input: bias })
    })
}

const cellOf = (units: number, activation: Elementwise): Cell => ({
  units,
  carries: 1,
  step(input, [h], weights) {
    const x = tf.add(input, productOf(h, weights))
    return { carried: [activations[activation](x)], kept: [x] }
  },
  stepBack([towards], _, { carried: [h], kept: [x] }) {
    const product = passBack(activation, towards, h, x)
    return { input: product, product, carried: [] }
  }
})
