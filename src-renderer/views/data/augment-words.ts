import { augmentations, type Augmentation } from '#contract/vocabulary'
import { sampleForm } from './sample-form'

/** Words that have something to do for samples without rows and columns. */
const FOR_ALL: readonly Augmentation['use'][] = ['noise', 'brightness', 'mixup']
/** Share of the range of the values that can be seen, and leaves the sample what it is. */
const VISIBLE_SHARE = 0.1

/** The augmentations that fit samples of a shape. */
export function augmentWordsFor(shape: readonly number[]): Augmentation['use'][] {
  const words = Object.keys(augmentations) as Augmentation['use'][]
  return sampleForm(shape).kind === 'picture' ? words : words.filter((use) => FOR_ALL.includes(use))
}

/** First values in the units of the data, for the options that are in raw units. */
export function augmentHints(
  use: Augmentation['use'],
  [low, high]: readonly [number, number]
): Record<string, unknown> {
  const visible = Number(((high - low) * VISIBLE_SHARE).toPrecision(2))
  if (use === 'noise') return { stddev: visible }
  if (use === 'brightness') return { by: visible }
  return {}
}
