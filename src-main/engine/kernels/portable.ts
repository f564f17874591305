import * as tf from '@tensorflow/tfjs-core'
import { randomFrom } from '#contract/random'
import { replaceKernel } from './replace'
import { registerSegmentSum } from './segment-sum'
import {
  STATELESS_UNIFORM,
  type StatelessUniformAttributes,
  type StatelessUniformInputs
} from './stateless-uniform'

// A float32 has 24 bits in its significand: with more, numbers near 1 would be rounded to 1.
const SIGNIFICANDS = 2 ** 24

/**
 * Registers the kernels that are written in plain JavaScript, for engines without TensorFlow.
 * Their uniform numbers are 24 bits each of the stream that contract/random gives for
 * (seed[0], seed[1], salt), in row-major order.
 */
export function registerPortableKernels(backendName: string): void {
  replaceKernel<StatelessUniformInputs, StatelessUniformAttributes>(
    STATELESS_UNIFORM,
    backendName,
    (call) => {
      const { seed } = call.inputs
      const [first, second] = (call.backend as tf.KernelBackend).readSync(seed.dataId) as Int32Array
      const next = randomFrom(first, second, call.attrs.salt | 0)
      const values = new Float32Array(tf.util.sizeFromShape(call.attrs.shape))
      for (let i = 0; i < values.length; i++) values[i] = Math.floor(next() * SIGNIFICANDS) / SIGNIFICANDS
      return tf.tensor(values, call.attrs.shape, 'float32')
    }
  )
  registerSegmentSum(backendName)
}
