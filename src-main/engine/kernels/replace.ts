import * as tf from '@tensorflow/tfjs-core'

/** What a kernel is called with; tfjs-core's types leave open whether an input is there. */
export interface KernelCall<Inputs, Attributes> {
  inputs: { [Name in keyof Inputs]-?: NonNullable<Inputs[Name]> }
  backend: unknown
  attrs: Attributes
}

/** Registers a kernel in place of the one that the backend's package may have brought. */
export function replaceKernel<Inputs, Attributes>(
  kernelName: string,
  backendName: string,
  compute: (call: KernelCall<Inputs, Attributes>) => tf.TensorInfo
): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName)
  tf.registerKernel({ kernelName, backendName, kernelFunc: compute as unknown as tf.KernelFunc })
}

/** Registers a gradient in place of the one that tfjs-core brings. */
export function replaceGradient(gradient: tf.GradConfig): void {
  if (tf.getGradient(gradient.kernelName)) tf.unregisterGradient(gradient.kernelName)
  tf.registerGradient(gradient)
}
