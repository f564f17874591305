import { activations } from '../activations'
import { planWithout, type LayerDefinition } from '../layer'

/** A function of every value, or, for softmax, of every row. */
export const activation: LayerDefinition<'activation'> = {
  plan: ({ activation }, { inputShape }) => planWithout(inputShape, activations[activation])
}
