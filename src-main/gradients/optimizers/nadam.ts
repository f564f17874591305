import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer } from '#contract/vocabulary'
import { momentumAt, rateAt } from '../schedules'
import { mapTensors } from '../tensors'
import type { TransformBuilder } from '../transform'
import { decayOf } from './decay'
import { moveMoments, momentsOf, startMoments, stateOf } from './moments'

/** The momentum of update t is beta1·(1 − ½·0.96^t). */
const WARMING = 0.96
/** From here on, 0.96^t is below the last place of a double. */
const LAST_WARMING = 1000

/**
 * Adam with Nesterov's look ahead as in Keras 3 (Dozat, 2016): with u_t = beta1·(1 − ½·0.96^t) and the product U_t of
 * all of them, m and v as Adam has them, and m̂ = u_{t+1}·m/(1 − U_{t+1}) + (1 − u_t)·g/(1 − U_t), the update is
 * −rate·m̂/(√(v/(1 − beta2^t)) + epsilon) for the update with number t, counted from 1.
 */
export const nadam: TransformBuilder<Extract<Optimizer, { use: 'nadam' }>> = (step, about) => {
  const { beta1, beta2, epsilon } = step
  const decay = decayOf(step, about)
  return {
    scalars(clock, current) {
      const number = clock.updates + 1
      const present = momentumAt(beta1, current.rate, clock)
      const product = productOf(present, number)
      const next = momentumOf(present, number + 1)
      const rate = rateAt(current.rate, clock)
      return {
        meanRate: (rate * next) / (1 - product * next),
        gradientRate: (rate * (1 - momentumOf(present, number))) / (1 - product),
        correction: 1 / (1 - beta2 ** number),
        meanShare: 1 - present,
        ...decay.scalars(clock, current)
      }
    },
    init: startMoments,
    update(gradients, state, parameters, fed) {
      const moments = moveMoments(momentsOf(state), gradients, {
        mean: fed.meanShare,
        meanSquare: 1 - beta2
      })
      const updates = mapTensors(gradients, (g, name) => {
        const ahead = tf.add(tf.mul(moments.mean[name], fed.meanRate), tf.mul(g, fed.gradientRate))
        const size = tf.sqrt(tf.mul(moments.meanSquare[name], fed.correction))
        return tf.neg(tf.div(ahead, tf.add(size, epsilon)))
      })
      return { updates: decay.addTo(updates, parameters, fed), state: stateOf(moments) }
    }
  }
}

const momentumOf = (beta1: number, number: number): number => beta1 * (1 - 0.5 * WARMING ** number)

/** The product of the momenta of all updates up to a number. */
function productOf(beta1: number, number: number): number {
  let product = beta1 ** number
  for (let each = 1; each <= Math.min(number, LAST_WARMING); each++) product *= 1 - 0.5 * WARMING ** each
  return product
}
