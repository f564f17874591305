import type { DatasetSummary } from '#contract/dataset'
import { Failure } from '#contract/failure'
import type { ModelSummary } from '#contract/model'

/**
 * What keeps any loss from comparing the outputs of a model with the targets of a dataset. A run is refused with the
 * same sentence by the core; this one is told while typing.
 */
export function outputFailure(
  { layers }: ModelSummary,
  { classes, targetSize }: DatasetSummary
): Failure | undefined {
  const last = layers.at(-1)
  if (!last) return undefined
  const found = showShape(last.outputShape)
  const about = { layer: last.name, found }
  if (last.outputShape.length !== 1) return new Failure('model.outputNotFlat', about)
  const [size] = last.outputShape
  if (classes && size !== classes.length && !(classes.length === 2 && size === 1))
    return new Failure('model.outputClasses', {
      ...about,
      classes: classes.length,
      expected: showShape([classes.length])
    })
  if (!classes && targetSize !== undefined && size !== targetSize)
    return new Failure('model.outputNumbers', {
      ...about,
      numbers: targetSize,
      expected: showShape([targetSize])
    })
  return undefined
}

const showShape = (shape: readonly number[]): string => `[${shape.join(', ')}]`
