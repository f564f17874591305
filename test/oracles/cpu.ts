import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
// tfjs-core alone knows no gradients; loading the layers registers them.
import '@tensorflow/tfjs-layers'

/** Computes with the plain JavaScript backend. */
export const startCpu = (): Promise<boolean> => tf.setBackend('cpu')
