import * as tf from '@tensorflow/tfjs-core'

/** Tensors by name; gradients, updates and parameters have the same names, `<layer>/<role>`. */
export type Tensors = Record<string, tf.Tensor>

/** Makes a tensor of each tensor of a record, under the same name. */
export const mapTensors = (
  tensors: Tensors,
  change: (tensor: tf.Tensor, name: string) => tf.Tensor
): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor, name)]))

/** Zeros in the shape of each parameter: how slots begin. */
export const zerosFor = (parameters: Tensors): Tensors =>
  mapTensors(parameters, (parameter) => tf.zeros(parameter.shape))

/** The same entries with `<prefix>/` in front of every name. */
export const withPrefix = <Value>(prefix: string, entries: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${prefix}/${name}`, value]))

/** The entries whose names begin with `<prefix>/`, without it. */
export const withoutPrefix = <Value>(prefix: string, entries: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(entries)
      .filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, value]) => [name.slice(prefix.length + 1), value])
  )
