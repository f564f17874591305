import type { Operation } from '#contract/preparation'
import type { Part } from '../parts'
import { applyAll } from './apply'
import { areWhole, commonestOf, mediansOf, momentsOf, type Chunks, type Moments } from './statistics'

/** Numbers that are looked at together: enough for speed, little beside the data itself. */
const CHUNK_NUMBERS = 1_000_000

/** What a word can learn from the training part, as it is behind the words before it. */
export interface TrainingView {
  moments(): Moments
  medians(): number[]
  /** The value that each channel has most often. */
  commonest(): number[]
  /** Says of each channel whether all its values are whole numbers. */
  areWhole(): boolean[]
}

/** The features of a training part behind some operations; `channels` of them belong together. */
export const viewFeatures = (
  part: Part,
  shape: readonly number[],
  operations: readonly Operation[],
  channels: number
): TrainingView => viewOf(() => featureChunks(part, shape, operations), channels)

/** Numeric targets behind some changes. */
export const viewTargets = (targets: ArrayLike<number>, channels: number): TrainingView =>
  viewOf(() => [targets], channels)

/** Stands for a training part where nothing but the shapes of a plan is wanted. */
export const viewNothing = (channels: number): TrainingView => viewOf(() => [], channels)

/** The features of a part behind some operations, chunk by chunk. */
export function* featureChunks(
  part: Part,
  shape: readonly number[],
  operations: readonly Operation[]
): Iterable<ArrayLike<number>> {
  const size = shape.reduce((product, each) => product * each, 1)
  const atOnce = Math.max(1, Math.floor(CHUNK_NUMBERS / size))
  for (let start = 0; start < part.count; start += atOnce) {
    const count = Math.min(atOnce, part.count - start)
    const { features } = part.gather(Uint32Array.from({ length: count }, (_, i) => start + i))
    yield operations.length === 0 ? features : applyAll(operations, shape, features)
  }
}

const viewOf = (chunks: Chunks, channels: number): TrainingView => ({
  moments: () => momentsOf(chunks, channels),
  medians: () => mediansOf(chunks, channels),
  commonest: () => commonestOf(chunks, channels),
  areWhole: () => areWhole(chunks, channels)
})
