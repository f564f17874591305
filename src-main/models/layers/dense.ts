import * as tf from '@tensorflow/tfjs-core'
import { Failure } from '#contract/failure'
import { showShape, type LayerDefinition } from '../layer'
import { addBias, planWeights } from './weights'

/** Every output is a weighted sum of all inputs: [batch, inputs] · [inputs, units] + [units]. */
export const dense: LayerDefinition<'dense'> = {
  plan(options, { name, inputShape, from }) {
    if (inputShape.length !== 1)
      throw new Failure('model.flatInput', { layer: name, found: showShape(inputShape), from })
    const [inputs] = inputShape
    const { units } = options
    return {
      outputShape: [units],
      parameters: planWeights(options, [inputs, units], inputs, units),
      state: [],
      multiplyAdds: inputs * units,
      apply: (x, { parameters }) => ({
        output: addBias(tf.matMul(x, parameters.kernel), parameters.bias)
      })
    }
  }
}
