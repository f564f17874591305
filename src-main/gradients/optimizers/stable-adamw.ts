import * as tf from '@tensorflow/tfjs-core'
import { isWeight } from '#contract/model'
import type { Optimizer } from '#contract/vocabulary'
import { momentumAt, rateAt } from '../schedules'
import { mapTensors } from '../tensors'
import type { TransformBuilder } from '../transform'
import { moveMoments, momentsOf, startMoments, stateOf } from './moments'

/**
 * AdamW whose rate falls for a tensor where its second moment lags behind: with moments m and v whose shares correct
 * their start, R = √mean(g²/max(v, epsilon²)) and η = rate/max(1, R) of each tensor, the update is
 * −η·(m/(√v + epsilon) + decay·w); only weights decay (Wortsman et al., 2023, algorithm 2).
 */
export const stableAdamw: TransformBuilder<Extract<Optimizer, { use: 'stableAdamw' }>> = (step, about) => {
  const { beta1, beta2, epsilon, decay } = step
  const weights = new Set(about.filter(isWeight).map(({ name }) => name))
  /** Share of the newest value in a running mean that weighs all values since its start. */
  const shareOf = (beta: number, number: number): number => (1 - beta) / (1 - beta ** number)
  return {
    scalars(clock, current) {
      const number = clock.updates + 1
      return {
        rate: rateAt(current.rate, clock),
        meanShare: shareOf(momentumAt(beta1, current.rate, clock), number),
        squareShare: shareOf(beta2, number)
      }
    },
    init: startMoments,
    update(gradients, state, parameters, { rate, meanShare, squareShare }) {
      const moments = moveMoments(momentsOf(state), gradients, { mean: meanShare, meanSquare: squareShare })
      const descent = tf.neg(rate)
      const updates = mapTensors(gradients, (g, name) => {
        const meanSquare = moments.meanSquare[name]
        const surprise = tf.mean(tf.div(tf.square(g), tf.maximum(meanSquare, epsilon ** 2)))
        const ownDescent = tf.div(descent, tf.maximum(tf.sqrt(surprise), 1))
        const direction = tf.div(moments.mean[name], tf.add(tf.sqrt(meanSquare), epsilon))
        const isDecayed = decay !== 0 && weights.has(name)
        return tf.mul(isDecayed ? tf.add(direction, tf.mul(parameters[name], decay)) : direction, ownDescent)
      })
      return { updates, state: stateOf(moments) }
    }
  }
}
