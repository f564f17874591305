import { isBlank } from '../inspection/values'
import { dropWhere, type Drop } from './drop'

/** Leaves out samples whose values are all the same. */
export const dropBlank: Drop<'dropBlank'> = (_, draws, size) =>
  dropWhere(draws, ({ features }, index) => isBlank(features, index * size, size))
