import { countsIn } from '../divide'
import { dropWhere, type Drop } from './drop'

/** Leaves out the samples of classes of which the training part of the source has fewer than so many. */
export const dropRareClasses: Drop<'dropRareClasses'> = ({ fewerThan }, draws) => {
  const counts = countsIn(draws.train.order, draws.train.samples.targets)
  return dropWhere(draws, ({ targets }, index) => (counts[targets[index]] ?? 0) < fewerThan)
}
