import type { Experiment } from '#contract/experiment'
import type { AugmentedSamples, AugmentQuestion } from '#contract/look'
import { augmentationOf, augmentBatch } from './augmentation'
import { take } from './parts'
import type { PreparedHandle } from './prepared'
import { checkPositions } from './sample-page'

/**
 * Training samples as an experiment's augmentation changes them: variant v of a sample is what epoch v trains on. Where
 * samples are mixed, it is among those that are asked for.
 * @throws Failure `data.noSample.train` that names the positions which are not there, `data.needsImages`
 */
export function augmentSamples(
  handle: PreparedHandle,
  { data, seed }: Experiment,
  { indices, variants }: AugmentQuestion
): AugmentedSamples {
  const { train, summary } = handle
  checkPositions(handle, 'train', indices)
  const order = augmentationOf(data.augment, summary, seed)
  const size = summary.featureShape.reduce((product, each) => product * each, 1)
  const places = Uint32Array.from(indices)
  const gathered = {
    features: take(train.features, places, size),
    targets: take(train.targets, places, summary.targetSize ?? 1)
  }
  const epochs = Array.from({ length: variants }, (_, epoch) => augmentBatch(order, gathered, places, epoch))
  return {
    indices,
    features: bySample(
      epochs.map(({ features }) => features),
      indices.length
    ),
    targets: bySample(
      epochs.map(({ targets }) => targets),
      indices.length
    )
  }
}

/** Batches of the same samples as one array: for each sample what each batch makes of it. */
function bySample(batches: ArrayLike<number>[], count: number): Float32Array {
  const size = batches[0].length / count
  const joined = new Float32Array(batches.length * count * size)
  batches.forEach((values, batch) => {
    for (let sample = 0; sample < count; sample++)
      for (let i = 0; i < size; i++)
        joined[(sample * batches.length + batch) * size + i] = values[sample * size + i]
  })
  return joined
}
