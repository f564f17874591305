import type { NamedTensor } from '#contract/model'

/** The weights of a layer by our role: their names in Keras. */
const KERAS_ROLES: Record<string, string> = {
  kernel: 'kernel',
  recurrentKernel: 'recurrent_kernel',
  depthwiseKernel: 'depthwise_kernel',
  pointwiseKernel: 'pointwise_kernel',
  embeddings: 'embeddings',
  bias: 'bias',
  gain: 'gamma',
  offset: 'beta',
  movingMean: 'moving_mean',
  movingVariance: 'moving_variance'
}

/** A tensor of a layer: its role instead of its name. */
export type LayerTensor = Omit<NamedTensor, 'name'> & { role: string }

/** The tensors of a layer, or of a part of one such as `residual_1/shortcut`, by its full name. */
export const tensorsOf = (tensors: readonly NamedTensor[], name: string): LayerTensor[] =>
  tensors.flatMap(({ name: whole, shape, values }) =>
    whole.startsWith(`${name}/`) && !whole.includes('/', name.length + 1)
      ? [{ role: whole.slice(name.length + 1), shape, values }]
      : []
  )

/** The same tensors as a layer of Keras names them. @throws Error for one that Keras has no name for */
export const kerasTensors = (tensors: readonly LayerTensor[], layer: string): NamedTensor[] =>
  tensors.map(({ role, shape, values }) => {
    if (!Object.hasOwn(KERAS_ROLES, role)) throw new Error(`${layer}: Keras has no name for ${role}`)
    return { name: `${layer}/${KERAS_ROLES[role]}`, shape, values }
  })

/** The plain kernel, gain · v / ‖v‖ for each output on the last axis, in the place of v and the gain. */
export function foldGain(tensors: readonly LayerTensor[]): LayerTensor[] {
  const gain = tensors.find(({ role }) => role === 'gain')
  if (!gain) return [...tensors]
  return tensors
    .filter((tensor) => tensor !== gain)
    .map((tensor) =>
      tensor.role === 'kernel' ? { ...tensor, values: folded(tensor.values, gain.values) } : tensor
    )
}

function folded(v: Float32Array, gain: Float32Array): Float32Array {
  const outputs = gain.length
  const squares = new Float64Array(outputs)
  v.forEach((value, index) => (squares[index % outputs] += value * value))
  const factors = squares.map((square, output) => (square === 0 ? 0 : gain[output] / Math.sqrt(square)))
  return v.map((value, index) => value * factors[index % outputs])
}
