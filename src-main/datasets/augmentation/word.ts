import type { Random } from '#contract/random'
import type { Augmentation, AugmentationOf } from '#contract/vocabulary'

/** Raw values of one sample, or of what becomes of it. */
export type Values = Float32Array<ArrayBuffer>

/** What is known of every sample of a dataset. */
export interface SampleForm {
  /** Shape of one sample, channels last. */
  shape: readonly number[]
  /** Stored as bytes: no value below 0 or above 255 can be meant. */
  isBytes: boolean
}

/**
 * What a word of `data.augment` makes of one sample; `random` decides it and nothing else. The sample that comes in
 * stays as it is.
 */
export type SampleWord<Use extends Augmentation['use']> = (
  options: AugmentationOf<Use>,
  values: Values,
  form: SampleForm,
  random: Random
) => Values

/** A number between −limit and limit, each as likely. */
export const within = (limit: number, random: Random): number => limit * (2 * random() - 1)

/** A value as the data could have it. */
export const held = (value: number, { isBytes }: SampleForm): number =>
  isBytes ? Math.min(255, Math.max(0, value)) : value
