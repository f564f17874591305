import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { engineNames } from '#contract/engine'
import { startEngine } from '../../src-main/engine/backends'
import { activations } from '../../src-main/models/activations'
import { passBack, slopes, type Elementwise } from '../../src-main/models/slopes'
import { relativeError, valuesOf } from '../oracles/closeness'

const engines = engineNames.filter((name) => name !== 'native-gpu')
const words = Object.keys(slopes) as Elementwise[]

test.each(engines.flatMap((engine) => words.map((word) => [engine, word] as const)))(
  'on %s the slope of %s is the one that differentiating gives',
  async (engine, word) => {
    await startEngine(engine)
    const [found, expected] = tf.tidy(() => {
      const x = tf.tensor1d([-30, -4, -1.5, -0.3, -1e-3, 1e-3, 0.2, 1, 3, 20])
      const dy = tf.tensor1d([1, -2, 3, 0.5, -1, 2, -0.1, 1, 2, -1])
      const activate = activations[word]
      const passed = passBack(word, dy, activate(x), x)
      // tfjs does not differentiate what gives back what it is given.
      const differentiated = tf.grad((x: tf.Tensor) => tf.mul(activate(x), 1))(x, dy)
      return [valuesOf(passed), valuesOf(differentiated)] as unknown as tf.TensorContainer
    }) as unknown as number[][]
    expect(relativeError(found, expected)).toBeLessThan(1e-6)
  }
)
