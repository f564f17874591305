import type { PreparationPlan } from '#contract/preparation'

/** Options of a layer that multiplies and adds: one number for all channels, or one for each. */
export interface Rescaling {
  scale: number | readonly number[]
  offset: number | readonly number[]
}

/** Says whether Keras has layers for all of a preparation, so that a model can take raw samples. */
export const canPrepare = ({ features }: PreparationPlan): boolean =>
  features.every(({ use }) => use === 'affine')

/** Shape of a sample that a written model takes: a raw one, or a prepared one where Keras has no layers for that. */
export const inputShapeOf = (preparation: PreparationPlan): number[] =>
  canPrepare(preparation) ? preparation.sampleShape : preparation.shape

/** What a model does with raw samples before its own layers; nothing where it takes prepared ones. */
export function rescalings(preparation: PreparationPlan): Rescaling[] {
  if (!canPrepare(preparation)) return []
  return preparation.features.flatMap((operation) => {
    if (operation.use !== 'affine') return []
    const { subtract, multiply } = operation
    // Two layers: subtracted first, a large mean takes no digits from a small deviation.
    return [
      ...(subtract.some((each) => each !== 0)
        ? [
            rescaling(
              [1],
              subtract.map((each) => -each)
            )
          ]
        : []),
      ...(multiply.some((each) => each !== 1) ? [rescaling(multiply, [0])] : [])
    ]
  })
}

/** `value × scale + offset`, along the last axis. */
export const rescaling = (scale: readonly number[], offset: readonly number[]): Rescaling => ({
  scale: oneOrAll(scale),
  offset: oneOrAll(offset)
})

const oneOrAll = (numbers: readonly number[]): number | readonly number[] =>
  numbers.length === 1 ? numbers[0] : numbers
