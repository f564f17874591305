import * as tf from '@tensorflow/tfjs-core'
import { Failure } from '#contract/failure'
import { isWeight } from '#contract/model'
import type { LayerOf } from '#contract/vocabulary'
import { showShape, sizeOf, type LayerPlan, type Place } from '../layer'

/**
 * The way past the branch of a residual, x + branch(x) (He et al., 2016): undefined where the input goes past as it
 * is; else a projection to the shape of the branch, dense or a convolution of one pixel with the stride that it
 * takes, without bias.
 * @throws Failure `model.residualShapes`, `model.residualProjection` that name the layer and both shapes.
 */
export function planShortcut(
  { shortcut }: LayerOf<'residual'>,
  { name, inputShape }: Place,
  branchShape: readonly number[]
): LayerPlan | undefined {
  const refuse = (key: 'model.residualShapes' | 'model.residualProjection'): Failure =>
    new Failure(key, { layer: name, input: showShape(inputShape), branch: showShape(branchShape) })
  if (shortcut === 'identity') {
    if (showShape(inputShape) !== showShape(branchShape)) throw refuse('model.residualShapes')
    return undefined
  }
  const strides = inputShape.slice(0, -1).map((length, axis) => strideBetween(length, branchShape[axis]))
  if (inputShape.length !== branchShape.length || inputShape.length > 3 || strides.includes(undefined))
    throw refuse('model.residualProjection')
  return planProjection(inputShape, branchShape, strides as number[])
}

/**
 * A layer that gives nothing but zeros at first, so that a residual starts as the way past its branch and the branch
 * grows from there (Goyal et al., 2017; Zhang et al., 2019). Where a gain scales normalized weights it is the gain that
 * starts at zero: without a direction such weights would have no gradient.
 */
export function startAtZero(plan: LayerPlan): LayerPlan {
  const isNormalized = plan.parameters.some(({ role }) => role === 'gain')
  return {
    ...plan,
    parameters: plan.parameters.map((parameter) =>
      isNormalized && isWeight(parameter) ? parameter : { ...parameter, zero: true }
    )
  }
}

/** The stride that leaves `output` of `input` places; undefined where none does. */
function strideBetween(input: number, output: number): number | undefined {
  const stride = Math.ceil(input / output)
  return Math.ceil(input / stride) === output ? stride : undefined
}

function planProjection(
  inputShape: readonly number[],
  outputShape: readonly number[],
  strides: readonly number[]
): LayerPlan {
  const inputs = inputShape[inputShape.length - 1]
  const outputs = outputShape[outputShape.length - 1]
  // Whatever its axes are, it is a convolution over images: a row of numbers is one pixel, a sequence one column.
  const [rowStride = 1, columnStride = 1] = strides
  const [rows = 1, columns = 1] = inputShape.slice(0, -1)
  return {
    outputShape: [...outputShape],
    parameters: [
      {
        role: 'kernel',
        shape: [...strides.map(() => 1), inputs, outputs],
        fanIn: inputs,
        fanOut: outputs,
        initializer: { use: 'glorotUniform' }
      }
    ],
    state: [],
    multiplyAdds: sizeOf(outputShape) * inputs,
    apply(x, { parameters: { kernel } }) {
      if (strides.length === 0) return { output: tf.matMul(x, kernel) }
      const images = tf.reshape<tf.Rank.R4>(x, [x.shape[0], rows, columns, inputs])
      const filters = tf.reshape<tf.Rank.R4>(kernel, [1, 1, inputs, outputs])
      const projected = tf.conv2d(images, filters, [rowStride, columnStride], 'valid')
      return { output: tf.reshape(projected, [x.shape[0], ...outputShape]) }
    }
  }
}
