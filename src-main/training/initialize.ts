import type { Experiment } from '#contract/experiment'
import type { Tensors } from '../models/layer'
import { initializeBySequence } from '../models/lsuv'
import type { Weights } from './evaluate'
import { readFirstWeights } from './first-weights'
import type { OpenedModel } from './opened-model'

/**
 * Weights and layer state of a run before its first step: those of the file that the experiment names, else those of a
 * pass over the whole model, else as each layer's initializers say. The same experiment gives the same ones. The
 * tensors belong to the caller. `file` holds those that the experiment names.
 * @throws Failure `training.weights*`, `storage.*` for a file that cannot be used
 */
export async function initialize(
  file: string | undefined,
  experiment: Experiment,
  opened: OpenedModel
): Promise<Weights> {
  const { model } = opened
  const { weights } = experiment.model
  if (weights !== undefined) {
    if (file === undefined) throw new Error('the file with the weights was not given')
    return readFirstWeights(file, weights, model)
  }
  return { parameters: initialParameters(experiment, opened), layerState: model.initialState() }
}

function initialParameters(
  { model: { layers, initialize }, seed, training }: Experiment,
  opened: OpenedModel
): Tensors {
  const { model, makeBatch, feedSamples } = opened
  if (!initialize) return model.initialParameters(seed)
  // What the first step sees, its masks included.
  const batch = makeBatch({ epoch: 0, offset: 0, size: training.batchSize, step: 0 })
  const features = feedSamples(batch.count, batch.features)
  try {
    return initializeBySequence(model, layers, initialize, { features, seed: [seed | 0, 0] }, seed)
  } finally {
    features.dispose()
  }
}
