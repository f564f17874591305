import { isWeight, type ParameterInfo } from '#contract/model'

/**
 * The axes of a tensor over which one unit collects what enters it: all but the last, which counts the outputs, and for
 * a depthwise kernel [height, width, channels, multiplier] height and width alone. What is no weight, such as a bias,
 * is one unit as a whole.
 */
export function fanInAxes({ role, shape }: Pick<ParameterInfo, 'role' | 'shape'>): number[] {
  const axes = shape.map((_, axis) => axis)
  if (!isWeight({ role })) return axes
  return axes.slice(0, role === 'depthwiseKernel' ? -2 : -1)
}
