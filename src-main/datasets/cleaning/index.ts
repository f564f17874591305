import type { DatasetSummary } from '#contract/dataset'
import { Failure } from '#contract/failure'
import type { Cleaned } from '#contract/preparation'
import type { Cleaning } from '#contract/vocabulary'
import type { Draws, Drawn, Drop, Dropped } from './drop'
import { dropBlank } from './drop-blank'
import { dropDuplicates } from './drop-duplicates'
import { dropMissing } from './drop-missing'
import { dropRareClasses } from './drop-rare-classes'

/** Every word that leaves samples out; the others change values and are part of the preparation plan. */
const drops = { dropDuplicates, dropBlank, dropMissing, dropRareClasses } satisfies {
  [Use in Dropping]: Drop<Use>
}
type Dropping = Exclude<Cleaning['use'], 'fillMissing' | 'clipOutliers'>
type DroppingStep = Extract<Cleaning, { use: Dropping }>

const isDrop = (step: Cleaning): step is DroppingStep => step.use in drops
/** A step goes only to the row of its own word. */
const dropOf = ({ use }: DroppingStep): Drop<Dropping> => drops[use] as unknown as Drop<Dropping>

/**
 * Leaves samples out as the steps say, one after the other, and counts them.
 * @throws Failure `data.nothingLeft` that names the step behind which a part is empty, `data.cleaningNeedsClasses`
 */
export function dropSamples(
  steps: readonly Cleaning[],
  draws: Draws,
  { name, featureShape, classes }: DatasetSummary
): { draws: Draws; cleaned: Cleaned[] } {
  const size = featureShape.reduce((product, each) => product * each, 1)
  const cleaned: Cleaned[] = []
  let left = draws
  steps.forEach((step, index) => {
    if (!isDrop(step)) return
    const path = `data.clean.${index}`
    if (step.use === 'dropRareClasses' && !classes)
      throw new Failure('data.cleaningNeedsClasses', { path, word: step.use })
    const next = without(left, dropOf(step)(step, left, size))
    cleaned.push({ use: step.use, unit: 'samples', ...difference(left, next) })
    if (isEmptied(left.train, next.train) || isEmptied(left.test, next.test))
      throw new Failure('data.nothingLeft', { path, word: step.use, name })
    left = next
  })
  return { draws: left, cleaned }
}

const isEmptied = (before: Drawn, after: Drawn): boolean =>
  before.order.length > 0 && after.order.length === 0

const without = ({ train, test }: Draws, dropped: Dropped): Draws => ({
  train: keep(train, (index) => !dropped.train(index)),
  test: keep(test, (index) => !dropped.test(index))
})
const keep = ({ samples, order }: Drawn, stays: (index: number) => boolean): Drawn => ({
  samples,
  order: order.filter(stays)
})
const difference = (before: Draws, after: Draws) => ({
  train: before.train.order.length - after.train.order.length,
  test: before.test.order.length - after.test.order.length
})
