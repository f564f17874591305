import * as tf from '@tensorflow/tfjs-core'
import { randomFrom } from '#contract/random'

/** A stand-in on the cpu backend for the kernel that the engine registers; `see` is told every salt. */
export function registerUniformKernel(see: (salt: number) => void = () => undefined): void {
  tf.registerKernel({
    kernelName: 'StatelessRandomUniform',
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs }) => {
      const { shape, salt } = attrs as unknown as { shape: number[]; salt: number }
      see(salt)
      const [first, second] = (inputs.seed as tf.Tensor).dataSync()
      const random = randomFrom(first, second, salt)
      return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, random), shape)
    }
  })
}
