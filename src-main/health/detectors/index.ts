import type { Detector } from '../detector'
import { unscaledInput, unscaledTarget } from './data-scale'
import { deadUnits } from './dead-units'
import { explodingGradient } from './explosion'
import { badInitialLoss } from './initial-loss'
import { learningRateTooHigh, learningRateTooLow } from './learning-rate'
import { divergence, lossSpike, plateau } from './loss-course'
import { lossOutputMismatch } from './loss-output-mismatch'
import { nonFinite } from './non-finite'
import { oscillation } from './oscillation'
import { overfitting } from './overfitting'
import { saturation } from './saturation'
import { symmetricWeights } from './symmetric-weights'
import { updateTooLarge } from './update-ratio'
import { vanishingGradient } from './vanishing'
import { wrongSign } from './wrong-sign'

/** Every detector, causes before symptoms. */
export const detectors: readonly Detector[] = [
  lossOutputMismatch,
  wrongSign,
  symmetricWeights,
  unscaledInput,
  unscaledTarget,
  badInitialLoss,
  // Before the rate: what explodes needs no second name.
  explodingGradient,
  learningRateTooHigh,
  learningRateTooLow,
  vanishingGradient,
  deadUnits,
  saturation,
  lossSpike,
  divergence,
  oscillation,
  plateau,
  overfitting,
  updateTooLarge,
  nonFinite
]
