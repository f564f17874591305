import type { Cleaning, CleaningOf } from '#contract/vocabulary'
import type { Samples } from '../reader'

/** Samples that were drawn from one part, by their positions in it, in the order of the draw. */
export interface Drawn {
  samples: Samples
  order: Uint32Array
}

/** What was drawn from the parts of a source; a part that it does not have is empty. */
export interface Draws {
  train: Drawn
  test: Drawn
}

/** Says which samples of either draw, by their positions, are left out. */
export interface Dropped {
  train(index: number): boolean
  test(index: number): boolean
}

/** A word of `data.clean` that leaves samples out; `size` values make a sample. */
export type Drop<Use extends Cleaning['use']> = (
  options: CleaningOf<Use>,
  draws: Draws,
  size: number
) => Dropped

/** Leaves out what a look at one sample decides. */
export const dropWhere = (
  { train, test }: Draws,
  isUseless: (samples: Samples, index: number) => boolean
): Dropped => ({
  train: (index) => isUseless(train.samples, index),
  test: (index) => isUseless(test.samples, index)
})
