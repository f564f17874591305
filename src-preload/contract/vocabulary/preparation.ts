import { z } from 'zod'
import { count, finite, notNegative, oneOf, positive, share, word } from './words'

const on = z.enum(['features', 'targets']).default('features')

/** What is done to every sample before the model sees it. */
export const preparations = {
  scale: word('scale', { by: finite, on }),
  /** To mean 0 and deviation 1 of each channel, column or feature: what stands on the last axis. */
  standardize: word('standardize', { on }),
  /** From smallest … largest to 0 … 1, along the last axis likewise. */
  minMax: word('minMax', { on }),
  /** Columns of categories, by name or by position from 0; all of them where none is named. */
  oneHot: word('oneHot', { columns: z.array(z.union([z.string(), z.int().min(0)])).optional() }),
  resize: word('resize', {
    height: count.meta({ unit: 'pixels' }),
    width: count.meta({ unit: 'pixels' }),
    channels: z.literal([1, 3]).optional()
  }),
  grayscale: word('grayscale', {})
}
export const preparation = oneOf([
  preparations.scale,
  preparations.standardize,
  preparations.minMax,
  preparations.oneHot,
  preparations.resize,
  preparations.grayscale
])
export type Preparation = z.output<typeof preparation>
export type PreparationOf<Use extends Preparation['use']> = Extract<Preparation, { use: Use }>

/** What is left out before the samples are divided, and what values are put right in those that are chosen. */
export const cleanings = {
  dropDuplicates: word('dropDuplicates', {}),
  dropBlank: word('dropBlank', {}),
  dropMissing: word('dropMissing', {}),
  dropRareClasses: word('dropRareClasses', { fewerThan: z.int().min(2).meta({ unit: 'samples' }) }),
  fillMissing: word('fillMissing', {
    with: z.enum(['mean', 'median', 'zero', 'constant']).default('mean'),
    /** Only for `constant`. */
    value: finite.default(0)
  }),
  /** In standard deviations from the mean. */
  clipOutliers: word('clipOutliers', { deviations: positive.default(4) })
}
export const cleaning = oneOf([
  cleanings.dropDuplicates,
  cleanings.dropBlank,
  cleanings.dropMissing,
  cleanings.dropRareClasses,
  cleanings.fillMissing,
  cleanings.clipOutliers
])
export type Cleaning = z.output<typeof cleaning>
export type CleaningOf<Use extends Cleaning['use']> = Extract<Cleaning, { use: Use }>

/** What stands where a moved picture leaves a gap: one raw value, or the pixels of its edge. */
const fill = { fill: z.enum(['value', 'edge']).default('value'), value: finite.default(0) }

/** What is done anew to every training sample in every epoch; strengths are in raw units where nothing else is said. */
export const augmentations = {
  /** Up and down by at most this share of the height, left and right by that of the width. */
  shift: word('shift', { by: share.default(0.1), ...fill }),
  /** To either side, at most by so many degrees. */
  rotate: word('rotate', {
    degrees: z.number().min(0).max(180).default(10).meta({ unit: 'degrees' }),
    ...fill
  }),
  /** To 1 − by … 1 + by of the size. */
  zoom: word('zoom', { by: z.number().min(0).lt(1).default(0.1).meta({ unit: 'share' }), ...fill }),
  flip: word('flip', {
    axis: z.enum(['horizontal', 'vertical', 'both']).default('horizontal'),
    probability: share.default(0.5)
  }),
  /** Standard deviation in raw units. */
  noise: word('noise', { stddev: notNegative }),
  /** One rectangle with this share of height and width. */
  cutout: word('cutout', { size: share.default(0.25), value: finite.default(0) }),
  /** Adds one number to the whole sample, −by … by in raw units. */
  brightness: word('brightness', { by: notNegative }),
  /** Both in pixels: length of the displacements before they are smoothed, and the deviation of the smoothing. */
  elastic: word('elastic', {
    strength: notNegative.default(34).meta({ unit: 'pixels' }),
    smoothness: positive.default(4).meta({ unit: 'pixels' }),
    ...fill
  }),
  /** Shares from a Beta(alpha, alpha) distribution; 0 mixes nothing. */
  mixup: word('mixup', { alpha: notNegative.default(0.2) })
}
export const augmentation = oneOf([
  augmentations.shift,
  augmentations.rotate,
  augmentations.zoom,
  augmentations.flip,
  augmentations.noise,
  augmentations.cutout,
  augmentations.brightness,
  augmentations.elastic,
  augmentations.mixup
])
export type Augmentation = z.output<typeof augmentation>
export type AugmentationOf<Use extends Augmentation['use']> = Extract<Augmentation, { use: Use }>

/** Deliberate damage to what the model is trained on, to see what it does; validation and test stay whole. */
export const faults = {
  /** Multiplies the raw features of every so many steps' batch. */
  scaleBatch: word('scaleBatch', { every: count.meta({ unit: 'steps' }), by: finite }),
  /** Exchanges the targets of this share of the samples among them. */
  permuteLabels: word('permuteLabels', { share }),
  /** Takes every sample for one of the next class. */
  shiftLabels: word('shiftLabels', {})
}
export const fault = oneOf([faults.scaleBatch, faults.permuteLabels, faults.shiftLabels])
export type Fault = z.output<typeof fault>
export type FaultOf<Use extends Fault['use']> = Extract<Fault, { use: Use }>
