import * as tf from '@tensorflow/tfjs-core'
import { Failure } from '#contract/failure'
import { planWithout, showShape, sizeOf, type LayerDefinition } from '../layer'

/** The values of a sample in another shape, the last axis fastest in both; one length may be −1, which is the rest. */
export const reshape: LayerDefinition<'reshape'> = {
  plan({ shape }, { name, inputShape, from }) {
    const size = sizeOf(inputShape)
    const rest = size / sizeOf(shape.filter((length) => length !== -1))
    const wanted = shape.map((length) => (length === -1 ? rest : length))
    if (sizeOf(wanted) !== size || !wanted.every(Number.isInteger))
      throw new Failure('model.reshapeSize', {
        layer: name,
        found: showShape(inputShape),
        from,
        size,
        shape: showShape(shape)
      })
    return planWithout(wanted, (x) => tf.reshape(x, [x.shape[0], ...wanted]))
  }
}
