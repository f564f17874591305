import type { DatasetSummary } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Part } from './parts'

/**
 * The weight of each class in the loss of training; undefined where the experiment asks for none. `balanced` is
 * samples / (classes · samples of the class) over the training part, counting the classes that it has, so that the mean
 * weight of its samples is 1; a class without samples has no weight.
 * @throws Failure `data.classWeightsNeedClasses`, `data.classWeightsCount`
 */
export function classWeightsOf(
  classWeights: Experiment['data']['classWeights'],
  { name, classes }: DatasetSummary,
  training: Part
): number[] | undefined {
  if (classWeights === undefined) return undefined
  if (!classes) throw new Failure('data.classWeightsNeedClasses', { name })
  if (classWeights !== 'balanced') {
    if (classWeights.length !== classes.length)
      throw new Failure('data.classWeightsCount', { expected: classes.length, found: classWeights.length })
    return classWeights
  }
  const counts = classCountsOf(training, classes.length)
  const present = counts.filter((count) => count > 0).length
  return counts.map((count) => (count === 0 ? 0 : training.count / (present * count)))
}

/** Samples of each class in a part. */
export function classCountsOf(part: Part, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of part.allTargets()) counts[label]++
  return counts
}
