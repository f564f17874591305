import type { Experiment } from '#contract/experiment'
import type { TestedSamples } from '#contract/look'
import { openParts } from './parts'
import type { PreparedHandle } from './prepared'
import { samplePage } from './sample-page'

/**
 * Samples of the part that a run of an experiment is tested on: `count` of them from `offset` on, in the order of their
 * positions. Behind the last one there are none.
 * @throws Failure `data.*` for steps that do not fit the data
 */
export function testedSamples(
  handle: PreparedHandle,
  experiment: Experiment,
  { offset, count }: { offset: number; count: number }
): TestedSamples {
  const { from: part, indices, count: total } = openParts(handle, experiment).parts.test
  const asked = [...indices.subarray(offset, offset + count)]
  return { ...samplePage(handle, { part, indices: asked, offset: 0, count }), total, part }
}
