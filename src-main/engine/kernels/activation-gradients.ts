import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import { replaceGradient, replaceKernel } from './replace'

interface Inputs {
  dy: tf.Tensor
  y: tf.Tensor
}

/**
 * The operations of TensorFlow for gradients of activations, one instead of three each. They take what the activation
 * gave, so that what it was given need not be kept: about a tenth of a training step of a small convolutional network.
 * Each is a kernel too: `tf.engine().runKernel('TanhGrad', { dy, y })`.
 */
export function registerActivationGradients(backendName: string): void {
  useOperation(tf.Relu, 'ReluGrad', backendName, ({ dy, y }) => [dy, y])
  useOperation(tf.Tanh, 'TanhGrad', backendName, ({ dy, y }) => [y, dy])
  useOperation(tf.Sigmoid, 'SigmoidGrad', backendName, ({ dy, y }) => [y, dy])
}

function useOperation(
  activation: string,
  operation: string,
  backendName: string,
  inOrder: (inputs: Inputs) => tf.Tensor[]
): void {
  replaceKernel<Inputs, object>(operation, backendName, ({ inputs, ...call }) => {
    const backend = call.backend as NodeJSKernelBackend
    const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT }
    return backend.executeSingleOutput(operation, [type], inOrder(inputs))
  })
  const composed = tf.getGradient(activation).gradFunc
  replaceGradient({
    kernelName: activation,
    outputsToSave: [true],
    gradFunc: (dy, [y], attributes) =>
      // The table of gradients is one for all engines; the output of ReLU is positive exactly where its input is.
      tf.getBackend() === backendName
        ? { x: () => tf.engine().runKernel(operation, { dy: dy as tf.Tensor, y }) }
        : composed(dy, [y], attributes)
  })
}
