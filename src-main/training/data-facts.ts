import type { DataFacts } from '#contract/health'
import type { PreparationPlan } from '#contract/preparation'
import { prepareSamples, prepareTargets } from '../datasets/preparation/apply'
import type { Part } from '../datasets/parts'

/** So many samples say enough of the scale of all. */
const MOST_SAMPLES = 512

/** What a diagnosis has to know of the data, from samples that are spread evenly over the training part. */
export function factsOf(
  train: Part,
  plan: PreparationPlan,
  classes: readonly string[] | undefined
): DataFacts {
  const count = Math.min(MOST_SAMPLES, train.count)
  const positions = Uint32Array.from({ length: count }, (_, index) =>
    Math.floor((index * train.count) / count)
  )
  const gathered = train.gather(positions)
  const featureScale = rootMeanSquare(prepareSamples(plan, gathered.features))
  if (classes) return { classes: classes.length, featureScale }
  const targets = prepareTargets(gathered.targets, plan.targets)
  const targetScale = rootMeanSquare(targets)
  const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length
  return { featureScale, targetScale, targetVariance: Math.max(0, targetScale ** 2 - mean ** 2) }
}

const rootMeanSquare = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
