import type { Activation, Loss } from '#contract/vocabulary'
import type { Detector, Subject } from '../detector'

/** How the output does not fit the loss: what acts on it, and what the loss expects. */
export interface Mismatch {
  activation: Activation
  loss: Loss['use']
}

const ON_LOGITS: readonly Loss['use'][] = ['softmaxCrossEntropy', 'binaryCrossEntropy']

/** Numeric targets whose mean is below this share of their deviation are as often negative as not. */
const CENTRED = 0.15
/** The largest variance of numbers between 0 and 1. */
const LARGEST_UNIT_VARIANCE = 0.25

/** The largest root mean square of numbers between −1 and 1, and what samples of them may be beside it. */
const LARGEST_TANH_SCALE = 1.05

/** Says whether there are numeric targets that an activation never gives. */
function cannotReach(activation: Activation, { targetScale, targetVariance }: Subject['facts']): boolean {
  if (targetScale === undefined || targetVariance === undefined) return false
  const mean = Math.sqrt(Math.max(0, targetScale ** 2 - targetVariance))
  const isCentred = mean < CENTRED * Math.sqrt(targetVariance)
  switch (activation) {
    case 'relu':
    case 'softplus':
    case 'exponential':
      return isCentred
    case 'sigmoid':
    case 'softmax':
      return isCentred || targetVariance > LARGEST_UNIT_VARIANCE || targetScale > 1
    case 'tanh':
      return targetScale > LARGEST_TANH_SCALE
    default:
      return false
  }
}

/**
 * The mismatch of a model's last activation and its loss, if there is one: an activation before a loss that is on
 * logits is applied twice or cuts the logits off; probabilities that are none have no logarithm; the softmax of one
 * number is always 1; and what an activation never gives cannot be learnt.
 */
export function mismatchOf({ experiment, layers, outputs, facts }: Subject): Mismatch | undefined {
  const loss = experiment.loss.use
  const activation = layers.find(({ isOutput }) => isOutput)?.activation ?? 'linear'
  const isAlwaysOne = activation === 'softmax' && outputs === 1
  const isAppliedTwice = ON_LOGITS.includes(loss) && activation !== 'linear'
  const isNoProbability =
    loss === 'categoricalCrossEntropy' && activation !== 'softmax' && activation !== 'sigmoid'
  const isOutOfReach = cannotReach(activation, facts)
  return isAlwaysOne || isAppliedTwice || isNoProbability || isOutOfReach ? { activation, loss } : undefined
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
