import { findDuplicates } from '../inspection/duplicates'
import type { Drop } from './drop'

/**
 * Leaves out samples whose features are, to the last byte, those of another one, whatever their targets: the first in
 * the order of the source stays, and where one is in the training part, none of the test.
 */
export const dropDuplicates: Drop<'dropDuplicates'> = (_, { train, test }, size) => {
  const found = findDuplicates(size, train.samples, test.samples, {
    train: train.order.slice().sort(),
    test: test.order.slice().sort()
  })
  const repeated = { train: new Set(found.train), test: new Set([...found.test, ...found.across]) }
  return { train: (index) => repeated.train.has(index), test: (index) => repeated.test.has(index) }
}
