import type { DatasetSummary, PartName } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Cleaned } from '#contract/preparation'
import { randomFrom, shuffledIndices } from '#contract/random'
import { dropSamples } from './cleaning'
import type { Drawn, Draws } from './cleaning/drop'
import { divide } from './divide'
import { damageTargets } from './faults'
import type { PreparedHandle } from './prepared'
import type { FeatureValues, Samples, TargetValues } from './reader'

/** Share of a source that is kept for the test when it has no test part of its own. */
const TEST_SHARE = 0.2

/** A batch's values, in memory of its own: features in raw form, as they are stored, and class numbers or numeric targets. */
export interface Gathered {
  features: FeatureValues
  targets: TargetValues
}

/** The samples of a part as plain data, which another thread can be given. */
export interface StoredPart {
  /** Part of the source that they come from. */
  from: 'train' | 'test'
  /** Where each of them is in that part, ascending. */
  indices: Uint32Array
  /** Of all samples of that part of the source: its own memory, not a copy. */
  features: FeatureValues
  /** Values in one sample. */
  featureSize: number
  /** Of the chosen samples alone, in order. */
  targets: TargetValues
  /** Numbers in one target. */
  targetSize: number
}

/** The samples that a run uses for one purpose. */
export interface Part extends Pick<StoredPart, 'from' | 'indices'> {
  count: number
  stored: StoredPart
  /** The samples at these positions (0 … count−1), in this order, as fresh arrays. */
  gather(positions: Uint32Array): Gathered
  /** The targets of all of them, in order, as a fresh array. */
  allTargets(): TargetValues
}

/** What a run trains on, validates with and is tested on; no `validation` without a split. */
export interface Parts extends Record<Exclude<PartName, 'validation'>, Part> {
  validation?: Part
}

/**
 * Chooses the samples of a run, as its seed decides: what cleaning leaves, in random order, then the test part (20 %
 * where the source has none), then the limits, then the validation part. Where targets are classes, each is divided by
 * its share. Features are views, of which nothing is copied before it is gathered.
 * @throws Failure `data.tooFew` when a part would be empty; `data.*` for steps that do not fit the data
 */
export function openParts(
  handle: PreparedHandle,
  experiment: Experiment
): { parts: Parts; cleaned: Cleaned[] } {
  const { summary } = handle
  const { clean, split, limit } = experiment.data
  const { draws, cleaned } = dropSamples(clean, draw(handle, experiment), summary)
  const { train, test } = handle.test.count > 0 ? draws : withTest(draws.train, summary)
  const chosen = train.order.subarray(0, limit?.train)
  const tested = test.order.subarray(0, limit?.test)
  const { taken, rest } = divide(chosen, split?.validation ?? 0, labelsOf(train, summary))
  if (rest.length === 0 || tested.length === 0)
    throw new Failure('data.tooFew', { name: summary.name, count: handle.train.count })

  const part = (samples: Samples, chosen: Uint32Array): Part => openPart(handle, samples, chosen)
  return {
    parts: {
      train: damaged(part(train.samples, rest), handle, experiment),
      ...(taken.length > 0 && { validation: part(train.samples, taken) }),
      test: part(test.samples, tested)
    },
    cleaned
  }
}

/** The order in which an epoch visits `count` samples; `epoch` counts from 0. */
export const epochOrder = (count: number, seed: number, epoch: number): Uint32Array =>
  shuffledIndices(count, randomFrom(seed, 'order', epoch))

/** Both parts of the source in random order. */
function draw({ train, test }: PreparedHandle, { seed }: Experiment): Draws {
  const shuffle = (samples: Samples, purpose: string): Drawn => ({
    samples,
    order: shuffledIndices(samples.count, randomFrom(seed, purpose))
  })
  return { train: shuffle(train, 'train'), test: shuffle(test, 'test') }
}

/** Takes the test out of the only part of a source. */
function withTest(drawn: Drawn, summary: DatasetSummary): Draws {
  const { taken, rest } = divide(drawn.order, TEST_SHARE, labelsOf(drawn, summary))
  return { train: { ...drawn, order: rest }, test: { ...drawn, order: taken } }
}

const labelsOf = ({ samples }: Drawn, { classes }: DatasetSummary): TargetValues | undefined =>
  classes && samples.targets

/** A part of a source: the samples at these places of it. */
function openPart({ summary, test }: PreparedHandle, samples: Samples, chosen: Uint32Array): Part {
  // Ascending, so that reading a part from end to end walks through memory once; an epoch has its own order.
  const indices = chosen.slice().sort()
  const targetSize = summary.targetSize ?? 1
  return partOf({
    from: samples === test ? 'test' : 'train',
    indices,
    features: samples.features,
    featureSize: summary.featureShape.reduce((product, each) => product * each, 1),
    targets: take(samples.targets, indices, targetSize),
    targetSize
  })
}

/** What can be done with a stored part. */
export function partOf(stored: StoredPart): Part {
  const { from, indices, features, featureSize, targets, targetSize } = stored
  return {
    from,
    indices,
    count: indices.length,
    stored,
    gather(positions) {
      const places = positions.map((position) => indices[position])
      return {
        features: take(features, places, featureSize),
        targets: take(targets, positions, targetSize)
      }
    },
    allTargets: () => targets.slice()
  }
}

/** The part with the faults that its experiment asks for in its targets. */
function damaged(part: Part, { summary }: PreparedHandle, experiment: Experiment): Part {
  if (experiment.data.faults.length === 0) return part
  return partOf({ ...part.stored, targets: damageTargets(experiment, summary, part.allTargets()) })
}

/** Rows of `size` values at these places, one behind the other, in a fresh array of the same type. */
export function take<Values extends FeatureValues | TargetValues>(
  values: Values,
  places: Uint32Array,
  size: number
): Values {
  const taken = new (values.constructor as new (length: number) => Values)(places.length * size)
  if (size === 1) places.forEach((place, row) => (taken[row] = values[place]))
  else
    places.forEach((place, row) => taken.set(values.subarray(place * size, (place + 1) * size), row * size))
  return taken
}
