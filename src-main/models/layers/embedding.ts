import * as tf from '@tensorflow/tfjs-core'
import { Failure } from '#contract/failure'
import { showShape, type LayerDefinition } from '../layer'

/** A row of the table, [inputs, units], for each code from 0 to inputs − 1: [batch, length] to [batch, length, units]. */
export const embedding: LayerDefinition<'embedding'> = {
  plan({ inputs, units, initializer }, { name, inputShape, from }) {
    if (inputShape.length !== 1)
      throw new Failure('model.codeInput', { layer: name, found: showShape(inputShape), from })
    return {
      outputShape: [inputShape[0], units],
      parameters: [{ role: 'embeddings', shape: [inputs, units], fanIn: inputs, fanOut: units, initializer }],
      state: [],
      multiplyAdds: 0,
      apply: (x, { parameters: { embeddings } }) => ({ output: rowsOf(embeddings, x) })
    }
  }
}

/** Codes are no quantities: nothing passes back to them. */
const rowsOf = (table: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  tf.customGrad((...inputs) => {
    const save = inputs[2] as tf.GradSaveFunc
    const codes = tf.cast(x, 'int32')
    save([codes, x])
    return {
      value: tf.gather(table, codes as tf.Tensor2D),
      gradFunc: (dy, saved) => {
        const [codes, x] = saved as tf.Tensor[]
        const [rows, units] = table.shape
        const values = tf.reshape(dy, [codes.size, units])
        const sums = tf.unsortedSegmentSum(values, tf.reshape(codes, [codes.size]), rows)
        return [sums, tf.zerosLike(x)]
      }
    }
  })(table, x)
