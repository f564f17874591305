import type { PartName } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import { randomFrom, shuffledIndices } from '#contract/random'
import type { PreparedHandle } from './prepared'
import type { Samples, TargetValues } from './reader'

/** Share of a source that is kept for the test when it has no test part of its own. */
const TEST_SHARE = 0.2

/** A batch's values, in memory of its own: features in raw form, and class numbers or numeric targets. */
export interface Gathered {
  features: Float32Array<ArrayBuffer>
  targets: TargetValues
}

/** The samples that a run uses for one purpose. */
export interface Part {
  count: number
  /** Part of the source that they come from. */
  from: 'train' | 'test'
  /** Where each of them is in that part, ascending. */
  indices: Uint32Array
  /** The samples at these positions (0 … count−1), in this order, as fresh arrays. */
  gather(positions: Uint32Array): Gathered
}

/** What a run trains on, validates with and is tested on; no `validation` without a split. */
export interface Parts extends Record<Exclude<PartName, 'validation'>, Part> {
  validation?: Part
}

/**
 * Chooses the samples of a run, as its seed decides: the test part (20 % where the source has none), then the limits,
 * then the validation part. Samples are views; nothing is copied before it is gathered.
 * @throws Failure `data.tooFew` when a part would be empty.
 */
export function openParts(handle: PreparedHandle, experiment: Experiment): Parts {
  const { seed, data } = experiment
  const shuffle = (samples: Samples, purpose: string): Uint32Array =>
    shuffledIndices(samples.count, randomFrom(seed, purpose))

  let training = shuffle(handle.train, 'train')
  let test = shuffle(handle.test, 'test')
  const testSamples = handle.test.count > 0 ? handle.test : handle.train
  if (testSamples === handle.train) {
    const count = shareOf(training.length, TEST_SHARE)
    test = training.subarray(0, count)
    training = training.subarray(count)
  }
  training = training.subarray(0, data.limit?.train)
  test = test.subarray(0, data.limit?.test)

  const held = data.split ? shareOf(training.length, data.split.validation) : 0
  const rest = training.subarray(held)
  if (rest.length === 0 || test.length === 0)
    throw new Failure('data.tooFew', { name: handle.summary.name, count: handle.train.count })
  const part = (samples: Samples, indices: Uint32Array): Part => openPart(handle, samples, indices)
  return {
    train: part(handle.train, rest),
    ...(held > 0 && { validation: part(handle.train, training.subarray(0, held)) }),
    test: part(testSamples, test)
  }
}

/** The order in which an epoch visits `count` samples; `epoch` counts from 0. */
export const epochOrder = (count: number, seed: number, epoch: number): Uint32Array =>
  shuffledIndices(count, randomFrom(seed, 'order', epoch))

/** At least one sample where there is any share. */
const shareOf = (count: number, share: number): number =>
  share === 0 ? 0 : Math.min(count, Math.max(1, Math.round(count * share)))

function openPart({ summary, test }: PreparedHandle, samples: Samples, chosen: Uint32Array): Part {
  const size = summary.featureShape.reduce((product, each) => product * each, 1)
  const targetSize = summary.targetSize ?? 1
  // Ascending, so that reading a part from end to end walks through memory once; an epoch has its own order.
  const indices = chosen.slice().sort()
  return {
    count: indices.length,
    from: samples === test ? 'test' : 'train',
    indices,
    gather(positions) {
      const features = new Float32Array(positions.length * size)
      const targets = summary.classes
        ? new Int32Array(positions.length)
        : new Float32Array(positions.length * targetSize)
      for (let i = 0; i < positions.length; i++) {
        const index = indices[positions[i]]
        features.set(samples.features.subarray(index * size, (index + 1) * size), i * size)
        if (targetSize === 1) targets[i] = samples.targets[index]
        else
          targets.set(samples.targets.subarray(index * targetSize, (index + 1) * targetSize), i * targetSize)
      }
      return { features, targets }
    }
  }
}
