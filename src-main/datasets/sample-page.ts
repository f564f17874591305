import { Failure } from '#contract/failure'
import type { SamplePage, SampleQuestion } from '#contract/look'
import type { PreparedHandle } from './prepared'

/** How many wrong positions a sentence names. */
const NAMED_POSITIONS = 10

/**
 * Samples in raw form of a part of a source: all of them, those at `indices`, those of `class`, or those of both; of
 * these `count` from `offset` on. A part that the source does not have has no samples.
 * @throws Failure `data.noSample.*` that names the positions which are not there, `data.noSuchClass`, `data.noClasses`
 */
export function samplePage(
  handle: PreparedHandle,
  { part, class: wanted, indices, offset, count }: SampleQuestion
): SamplePage {
  const { name, classes, featureShape, targetSize = 1 } = handle.summary
  const samples = handle[part]
  checkPositions(handle, part, indices ?? [])
  if (wanted !== undefined && !classes) throw new Failure('data.noClasses', { name })
  if (wanted !== undefined && classes && wanted >= classes.length)
    throw new Failure('data.noSuchClass', { name, class: wanted, highest: classes.length - 1 })

  const all = indices ?? Array.from({ length: samples.count }, (_, index) => index)
  const fitting = wanted === undefined ? all : all.filter((index) => samples.targets[index] === wanted)
  const shown = fitting.slice(offset, offset + count)
  const size = featureShape.reduce((product, each) => product * each, 1)
  const features = new Float32Array(shown.length * size)
  shown.forEach((index, place) =>
    features.set(samples.features.subarray(index * size, (index + 1) * size), place * size)
  )
  return {
    total: fitting.length,
    indices: shown,
    targets: shown.flatMap((index) => [
      ...samples.targets.subarray(index * targetSize, (index + 1) * targetSize)
    ]),
    features
  }
}

/** @throws Failure `data.noSample.*` that names the positions which are not in a part */
export function checkPositions(
  handle: PreparedHandle,
  part: 'train' | 'test',
  indices: readonly number[]
): void {
  const { count } = handle[part]
  const missing = indices.filter((index) => index >= count)
  if (missing.length === 0) return
  throw new Failure(`data.noSample.${part}`, {
    name: handle.summary.name,
    count,
    positions: missing.slice(0, NAMED_POSITIONS).join(', ') + (missing.length > NAMED_POSITIONS ? ' …' : '')
  })
}
