import type { DatasetSummary } from '#contract/dataset'
import type { Sketch } from '../../state/content'
import type { Span } from './rate-curve'

/** Steps of one pass through the training samples; undefined while something it needs is not known. */
export function stepsPerEpochOf(experiment: Sketch, data: DatasetSummary | undefined): number | undefined {
  const batch = experiment.training.batchSize
  const { split, limit: limits } = experiment.data as {
    split?: { validation?: unknown }
    limit?: { train?: unknown }
  }
  const share = split?.validation ?? 0
  const limit = limits?.train ?? Infinity
  if (!data || !isPositive(batch) || typeof share !== 'number' || typeof limit !== 'number') return undefined
  const samples = Math.min(data.counts.train, limit)
  const steps = Math.ceil((samples - Math.round(samples * share)) / batch)
  return isPositive(steps) ? steps : undefined
}

/** How long a run would be; `epochs` where it is counted in epochs. Undefined while that cannot be told. */
export function spanOf(
  { training: { epochs, steps } }: Sketch,
  stepsPerEpoch: number | undefined
): (Span & { epochs?: number }) | undefined {
  if (isPositive(steps)) return { steps, stepsPerEpoch: stepsPerEpoch ?? steps }
  if (!isPositive(epochs)) return undefined
  // Without the data, an epoch is drawn with as many steps as the curve has points.
  const perEpoch = stepsPerEpoch ?? 100
  return { steps: epochs * perEpoch, stepsPerEpoch: perEpoch, epochs }
}

const isPositive = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
