import * as tf from '@tensorflow/tfjs-core'
import { describe, test } from 'vitest'
import { engineNames } from '#contract/engine'
import { loss as lossSchema, losses } from '#contract/vocabulary'
import { lossOf } from '../../../src-main/models/losses'
import { expectAsPlain, numbers } from '../../engine/kernels/on-engine'

const others = engineNames.filter((name) => name !== 'native-gpu' && name !== 'cpu')

describe.each(others)('on %s', (engine) => {
  test.each(Object.keys(losses))('%s has the value and the gradient that it has on the plain engine', (use) =>
    expectAsPlain(engine, () => {
      const { compute } = lossOf(lossSchema.parse({ use }), true)
      const outputs = tf.add(tf.mul(numbers('outputs', 6, 4), 2), 2.5)
      const weights = tf.abs(numbers('weights', 6)) as tf.Tensor1D
      const classes = tf.tensor1d([0, 3, 1, 2, 2, 0], 'int32')
      const shares = tf.softmax(numbers('shares', 6, 4))
      return [classes, shares].flatMap((targets) => {
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => compute(x, targets, weights))(outputs)
        return [value, grad]
      })
    })
  )
})
