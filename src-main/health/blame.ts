import type { Cause } from '#contract/health'
import type { Course } from './course'
import type { Subject } from './detector'
import { mismatchOf } from './detectors/loss-output-mismatch'
import { chainFactor, firstUnfit, unfitInitialization } from './initial-scale'

/** Features and targets with a larger root mean square are far from what networks are made for, */
export const LARGE_FEATURES = 5
export const LARGE_TARGETS = 10
/** and so are features with a smaller one, such as pixels that were divided by 255 twice. */
export const SMALL_FEATURES = 0.005
/** An update larger than this share of the weights makes a rate suspicious. */
const LARGE_MOVE = 0.05
/** Sigmoids that leave less than this share of a gradient are too many. */
const TOO_MANY = 0.1
/** So many layers, one behind the other, are deep. */
const DEEP = 8

/** What can be blamed on an experiment as it is written, whatever its steps look like. */
interface Suspicion {
  /** The plainest faults, which leave no doubt. */
  plain?: Cause
  /** The layer without gates in front of which gradients go through time. */
  recurrence?: string
  areSigmoidsTooMany: boolean
  isUnfit: boolean
  /** The first layer whose weights or biases are drawn unfit by themselves. */
  unfit?: string
  /** The first layer of unbounded growth. */
  exponential?: string
}

/** The structure of an experiment does not change: what is suspicious about it is found once. */
const suspicions = new WeakMap<Subject, Suspicion>()

function suspect(subject: Subject): Suspicion {
  const known = suspicions.get(subject)
  if (known) return known
  const { layers } = subject
  const suspicion: Suspicion = {
    plain: plainCauseOf(subject),
    recurrence: layers.find(({ use }) => use === 'simpleRnn')?.name,
    areSigmoidsTooMany: areSigmoidsTooMany(subject),
    isUnfit: unfitInitialization(subject),
    unfit: firstUnfit(subject)?.name,
    exponential: layers.find(({ activation }) => activation === 'exponential')?.name
  }
  suspicions.set(subject, suspicion)
  return suspicion
}

function plainCauseOf(subject: Subject): Cause | undefined {
  if (subject.experiment.loss.weight < 0) return 'sign'
  if (mismatchOf(subject)) return 'lossOutput'
  if (subject.layers.some(({ activation }) => activation === 'exponential')) return 'activation'
  return isBadlyScaled(subject) ? 'dataScale' : undefined
}

/** The cause of a symptom that the numbers alone do not tell: the first that can be seen, the plainest ones first. */
export function blame(subject: Subject, course: Course, layer?: string): Cause {
  const { plain, recurrence, ...suspicion } = suspect(subject)
  if (plain) return plain
  // A layer in front of, or behind, what goes through time is not hurt by it alone.
  const isKnown = subject.layers.some(({ name }) => name === layer)
  if (recurrence !== undefined && (!isKnown || layer === recurrence)) return 'recurrence'
  if (suspicion.areSigmoidsTooMany) return 'activation'
  if (suspicion.isUnfit) return 'initialization'
  if (course.mostMoved.ratio > LARGE_MOVE) return 'learningRate'
  return subject.layers.length > DEEP ? 'depth' : 'learningRate'
}

/** The layer at which something of this cause begins, where the structure tells; else the one that shows it. */
export function culpritOf(subject: Subject, cause: Cause, layer: string | undefined): string | undefined {
  const { recurrence, unfit, exponential } = suspect(subject)
  switch (cause) {
    case 'recurrence':
      return recurrence ?? layer
    case 'initialization':
      return unfit ?? layer
    case 'activation':
      return exponential ?? layer
    case 'dataScale':
      return areFeaturesUnscaled(subject) ? (subject.layers[0]?.name ?? layer) : layer
    default:
      return layer
  }
}

/** Says whether the sigmoids alone make gradients vanish, however their weights are drawn. */
export function areSigmoidsTooMany({ layers }: Subject): boolean {
  const sigmoids = layers.filter(({ activation, isOutput }) => activation === 'sigmoid' && !isOutput)
  return sigmoids.length > 1 && chainFactor(sigmoids) < TOO_MANY
}

/** Says whether features or targets are far from unit scale, with no normalization in front. */
export const isBadlyScaled = (subject: Subject): boolean =>
  areFeaturesUnscaled(subject) || (subject.facts.targetScale ?? 0) > LARGE_TARGETS

/** Says whether features are far from unit scale, with no normalization in front. Those that are all zero have no scale. */
export function areFeaturesUnscaled({ facts: { featureScale }, layers }: Subject): boolean {
  if (layers[0]?.isNormalization || layers[0]?.feedsNormalization) return false
  // It takes numbers of words, which have no scale.
  if (layers[0]?.use === 'embedding') return false
  return featureScale > LARGE_FEATURES || (featureScale > 0 && featureScale < SMALL_FEATURES)
}
