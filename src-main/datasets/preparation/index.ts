import type { DatasetSummary } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Affine, Cleaned, Operation, PreparationPlan } from '#contract/preparation'
import type { Cleaning, Preparation } from '#contract/vocabulary'
import { checkFinite } from '../cleaning/check-finite'
import { clipOutliers } from '../cleaning/clip-outliers'
import { fillMissing } from '../cleaning/fill-missing'
import type { Mend, Mended, Mending } from '../cleaning/mend'
import type { Part, Parts } from '../parts'
import { prepareTargets } from './apply'
import { checkCodes } from './check-codes'
import { countChanges } from './count-changes'
import { foldAffines, joinAffines } from './fold'
import { grayscale } from './grayscale'
import { channelsOf, layoutAfter, type Layout } from './layout'
import { minMax } from './min-max'
import { oneHot } from './one-hot'
import { resize } from './resize'
import { scale } from './scale'
import { standardize } from './standardize'
import { viewFeatures, viewNothing, viewTargets, type TrainingView } from './training-view'
import type { PreparationWord } from './word'

/** What each preparation does to features, by its word. */
const words = { scale, standardize, minMax, oneHot, resize, grayscale } satisfies {
  [Use in Preparation['use']]: PreparationWord<Use>
}
/** A step goes only to the row of its own word. */
const wordOf = ({ use }: Preparation): PreparationWord<Preparation['use']> =>
  words[use] as unknown as PreparationWord<Preparation['use']>

/** The cleaning that changes values: it stands before all preparation. */
const mends = { fillMissing, clipOutliers } satisfies { [Use in Mending]: Mend<Use> }
type MendingStep = Extract<Cleaning, { use: Mending }>
const isMend = (step: Cleaning): step is MendingStep => step.use in mends
const mendOf = ({ use }: MendingStep): Mend<Mending> => mends[use] as unknown as Mend<Mending>

/**
 * Fits the preparation of an experiment to the training part, and to nothing else. `cleaned` is what was left out
 * before; what values were changed is counted behind it.
 * @throws Failure `data.*` for steps that do not fit the data, for NaN and Inf that would reach the model, and for numbers that
 * are no codes where the model begins with a table of them
 */
export function fitPreparation(
  experiment: Experiment,
  summary: DatasetSummary,
  { parts, cleaned }: { parts: Parts; cleaned: Cleaned[] }
): PreparationPlan {
  const { featureShape } = summary
  const look = (operations: readonly Operation[], { shape }: Layout): TrainingView =>
    viewFeatures(parts.train, featureShape, operations, channelsOf(shape))
  const { mended, operations, shape } = planFeatures(experiment, summary, look)
  checkFinite(parts, summary, operations)
  checkCodes(parts, summary, experiment, operations)
  const targets = planTargets(experiment, summary, parts.train)
  return {
    version: 1,
    sampleShape: [...featureShape],
    shape: [...shape],
    features: foldAffines(operations),
    ...(targets && { targets }),
    cleaned: [...cleaned, ...countChanges(parts, featureShape, mended)]
  }
}

/**
 * The shape of a prepared sample; needs no data.
 * @throws Failure `data.*` for steps that do not fit the data
 */
export const preparedShape = (experiment: Experiment, summary: DatasetSummary): number[] => [
  ...planFeatures(experiment, summary, (_, { shape }) => viewNothing(channelsOf(shape))).shape
]

function planFeatures(
  { data }: Experiment,
  { featureShape, columns }: DatasetSummary,
  look: (operations: readonly Operation[], layout: Layout) => TrainingView
) {
  let layout: Layout = { shape: featureShape, columns }
  const operations: Operation[] = []
  const place = (path: string) => ({ ...layout, path, training: look([...operations], layout) })
  const add = (operation: Operation): void => {
    operations.push(operation)
    layout = layoutAfter(operation, layout)
  }
  const mended = data.clean.flatMap((step, index): Mended[] => {
    if (!isMend(step)) return []
    const operation = mendOf(step)(step, place(`data.clean.${index}`))
    add(operation)
    return [{ use: step.use, operation }]
  })
  data.prepare.forEach((step, index) => {
    if ('on' in step && step.on === 'targets') return
    wordOf(step)(step, place(`data.prepare.${index}`)).forEach(add)
  })
  return { mended, operations, shape: layout.shape }
}

/** All that is done to numeric targets as one change. @throws Failure `data.classesNotPrepared` */
function planTargets({ data }: Experiment, { classes, targetSize }: DatasetSummary, training: Part) {
  const channels = targetSize ?? 1
  let affine: Affine = { use: 'affine', subtract: [0], multiply: [1] }
  data.prepare.forEach((step, index) => {
    if (!('on' in step) || step.on !== 'targets') return
    const path = `data.prepare.${index}`
    if (classes) throw new Failure('data.classesNotPrepared', { path, word: step.use })
    const view = viewTargets(prepareTargets(training.allTargets(), affine), channels)
    const place = { path, shape: [channels], training: view }
    for (const operation of wordOf(step)(step, place))
      if (operation.use === 'affine') affine = joinAffines(affine, operation)
  })
  return classes ? undefined : affine
}
