import type { Activation, Loss } from '#contract/vocabulary'
import type { Detector, Subject } from '../detector'

/** How the output does not fit the loss: what acts on it, and what the loss expects. */
export interface Mismatch {
  activation: Activation
  loss: Loss['use']
}

const ON_LOGITS: readonly Loss['use'][] = ['softmaxCrossEntropy', 'binaryCrossEntropy']

/**
 * The mismatch of a model's last activation and its loss, if there is one: an activation before a loss that is on
 * logits is applied twice or cuts the logits off; probabilities that are none have no logarithm; the softmax of one
 * number is always 1.
 */
export function mismatchOf({
  experiment,
  layers,
  outputs
}: Pick<Subject, 'experiment' | 'layers' | 'outputs'>): Mismatch | undefined {
  const loss = experiment.loss.use
  const activation = layers.find(({ isOutput }) => isOutput)?.activation ?? 'linear'
  const isAlwaysOne = activation === 'softmax' && outputs === 1
  const isAppliedTwice = ON_LOGITS.includes(loss) && activation !== 'linear'
  const isNoProbability =
    loss === 'categoricalCrossEntropy' && activation !== 'softmax' && activation !== 'sigmoid'
  return isAlwaysOne || isAppliedTwice || isNoProbability ? { activation, loss } : undefined
}

/** The output of the model does not fit its loss. */
export const lossOutputMismatch: Detector = (subject) => {
  const mismatch = mismatchOf(subject)
  if (!mismatch) return undefined
  const layer = subject.layers.find(({ isOutput }) => isOutput)?.name
  const seen = [
    {
      kind: 'lossOutputMismatch',
      layer,
      severity: 'warning',
      cause: 'lossOutput',
      evidence: { outputs: subject.outputs }
    }
  ] as const
  return { begin: () => [...seen], look: () => [...seen] }
}
