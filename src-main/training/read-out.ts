import * as tf from '@tensorflow/tfjs-core'

/**
 * Computes inside a tidy and gives what was read of its tensors. A tidy looks for tensors in what it returns, number by
 * number: for some thousand numbers that takes milliseconds, so nothing is returned through it.
 */
export function readOut<Numbers>(compute: () => Numbers): Numbers {
  const out: Numbers[] = []
  tf.tidy(() => void out.push(compute()))
  return out[0]
}
