import type { DatasetSummary } from '#contract/dataset'
import { Failure } from '#contract/failure'
import { randomFrom, type Random } from '#contract/random'
import type { Augmentation } from '#contract/vocabulary'
import type { Gathered } from '../parts'
import { brightness } from './brightness'
import { cutout } from './cutout'
import { elastic } from './elastic'
import { flip } from './flip'
import { mixup, type Rows } from './mixup'
import { noise } from './noise'
import { rotate } from './rotate'
import { shift } from './shift'
import type { SampleForm, SampleWord, Values } from './word'
import { zoom } from './zoom'

/** What each augmentation makes of one sample, by its word; `mixup` alone looks at a whole batch. */
const words = { shift, rotate, zoom, flip, noise, cutout, brightness, elastic } satisfies {
  [Use in SampleStep['use']]: SampleWord<Use>
}
type SampleStep = Exclude<Augmentation, { use: 'mixup' }>
/** A step goes only to the row of its own word. */
const wordOf = ({ use }: SampleStep): SampleWord<SampleStep['use']> =>
  words[use] as unknown as SampleWord<SampleStep['use']>

/** Words that move or cover parts of a picture. */
const needPictures: readonly Augmentation['use'][] = ['shift', 'rotate', 'zoom', 'flip', 'cutout', 'elastic']

/** Everything that decides how a batch is augmented: plain data, so that any thread can do it. */
export interface AugmentationOrder extends SampleForm {
  steps: readonly Augmentation[]
  /** Number of classes; absent where targets are numbers. */
  classes?: number
  seed: number
}

/**
 * The order of an experiment's augmentation.
 * @throws Failure `data.needsImages` for a step that samples of this shape have nothing for
 */
export function augmentationOf(
  steps: readonly Augmentation[],
  { featureShape, featureType, classes }: DatasetSummary,
  seed: number
): AugmentationOrder {
  steps.forEach(({ use }, index) => {
    if (needPictures.includes(use) && featureShape.length !== 3)
      throw new Failure('data.needsImages', {
        path: `data.augment.${index}`,
        word: use,
        shape: featureShape.join(' × ')
      })
  })
  return { steps, shape: featureShape, isBytes: featureType === 'uint8', classes: classes?.length, seed }
}

/**
 * A batch as it is trained on in an epoch, in raw units; `indices` are the positions of its samples in the source. Each
 * sample's fate is decided by seed, epoch and its index. Where samples are mixed, class numbers become shares of the
 * classes, [count, classes].
 */
export function augmentBatch(
  order: AugmentationOrder,
  { features, targets }: Gathered,
  indices: Uint32Array,
  epoch: number
): Gathered {
  const mixes = order.steps.some(({ use }) => use === 'mixup')
  const isSoft = mixes && order.classes !== undefined
  let rows: Rows = {
    features: Float32Array.from(features),
    targets: isSoft ? sharesOf(targets, order.classes ?? 0) : Float32Array.from(targets)
  }
  order.steps.forEach((step, place) => {
    const streams = Array.from(indices, (index) => randomFrom(order.seed, 'augment', place, epoch, index))
    rows =
      step.use === 'mixup'
        ? mixup(step, rows, streams)
        : { ...rows, features: eachSample(step, rows.features, order, streams) }
  })
  return { features: rows.features, targets: mixes ? rows.targets : targets }
}

function eachSample(
  step: SampleStep,
  features: Values,
  form: SampleForm,
  streams: readonly Random[]
): Values {
  const augment = wordOf(step)
  const size = features.length / streams.length
  const result = new Float32Array(features.length)
  streams.forEach((random, row) => {
    const values = features.subarray(row * size, (row + 1) * size)
    result.set(augment(step, values, form, random), row * size)
  })
  return result
}

/** Class numbers as rows of shares, with the whole at the class. */
function sharesOf(labels: ArrayLike<number>, classes: number): Values {
  const shares = new Float32Array(labels.length * classes)
  for (let row = 0; row < labels.length; row++) shares[row * classes + labels[row]] = 1
  return shares
}
