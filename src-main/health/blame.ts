import type { Cause } from '#contract/health'
import type { Course } from './course'
import type { Subject } from './detector'
import { mismatchOf } from './detectors/loss-output-mismatch'
import { chainFactor, unfitInitialization } from './initial-scale'

/** Features and targets with a larger root mean square are far from what networks are made for. */
export const LARGE_FEATURES = 5
export const LARGE_TARGETS = 10
/** An update larger than this share of the weights makes a rate suspicious. */
const LARGE_MOVE = 0.05
/** Sigmoids that leave less than this share of a gradient are too many. */
const TOO_MANY = 0.1
/** So many layers, one behind the other, are deep. */
const DEEP = 8

/** The cause of a symptom that the numbers alone do not tell: the first that can be seen, the plainest ones first. */
export function blame(subject: Subject, course: Course, layer?: string): Cause {
  const { experiment, layers } = subject
  if (experiment.loss.weight < 0) return 'sign'
  if (mismatchOf(subject)) return 'lossOutput'
  if (layers.some(({ activation }) => activation === 'exponential')) return 'activation'
  if (isBadlyScaled(subject)) return 'dataScale'
  const at = layers.find(({ name }) => name === layer)
  const plain = layers.find(({ use }) => use === 'simpleRnn')
  if (plain && (!at || at === plain)) return 'recurrence'
  if (areSigmoidsTooMany(subject)) return 'activation'
  if (unfitInitialization(subject)) return 'initialization'
  if (course.mostMoved.ratio > LARGE_MOVE) return 'learningRate'
  return layers.length > DEEP ? 'depth' : 'learningRate'
}

/** Says whether the sigmoids alone make gradients vanish, however their weights are drawn. */
export function areSigmoidsTooMany({ layers }: Subject): boolean {
  const sigmoids = layers.filter(({ activation, isOutput }) => activation === 'sigmoid' && !isOutput)
  return sigmoids.length > 1 && chainFactor(sigmoids) < TOO_MANY
}

/** Says whether features or targets are far from unit scale, with no normalization in front. */
export function isBadlyScaled({ facts, layers }: Subject): boolean {
  const meetsNormalization = layers[0]?.isNormalization || layers[0]?.feedsNormalization
  return (
    (facts.featureScale > LARGE_FEATURES && !meetsNormalization) || (facts.targetScale ?? 0) > LARGE_TARGETS
  )
}
