import { Failure } from '#contract/failure'
import { shorten } from '../inspection/finding'
import type { Column } from './layout'
import type { PreparationWord, StepPlace } from './word'

/** A column of numbers with larger ones than this is no list of categories. */
const MOST_CATEGORIES = 1000

/**
 * Columns as columns of 0 and 1, one for each category, in the place of the column: those that hold categories, or those
 * that are named, which may also hold whole numbers from 0 on. A missing value, and one that is no category, is 0 in all
 * of them.
 */
export const oneHot: PreparationWord<'oneHot'> = ({ use, columns: wanted }, place) => {
  const { path, shape, columns = [] } = place
  if (shape.length !== 1) throw new Failure('data.needsTable', { path, word: use, shape: shape.join(' × ') })
  const chosen = new Set(wanted?.map((each) => placeOf(each, place)))
  const sizes = Array.from({ length: shape[0] }, (_, i) =>
    chosen.has(i) || (!wanted && columns[i]?.kind === 'category') ? categoriesOf(i, place) : 0
  )
  if (sizes.every((size) => size === 0)) throw new Failure('data.noCategories', { path, word: use })
  return [{ use: 'oneHot', sizes }]
}

/** The place of the column of that name, or at that position. @throws Failure `data.noSuchColumn`, `data.noSuchPlace` */
function placeOf(wanted: string | number, { path, shape, columns = [] }: StepPlace): number {
  const found = typeof wanted === 'number' ? wanted : columns.findIndex(({ name }) => name === wanted)
  if (found >= 0 && found < shape[0]) return found
  const column = String(wanted)
  if (columns.length === 0) throw new Failure('data.noSuchPlace', { path, column, highest: shape[0] - 1 })
  throw new Failure('data.noSuchColumn', { path, column, columns: shorten(columns.map(({ name }) => name)) })
}

/** How many categories a column has. @throws Failure `data.notCategories` for one with other numbers than 0, 1, 2, … */
function categoriesOf(index: number, { path, columns, training }: StepPlace): number {
  const { name, categories, range }: Partial<Column> = columns?.[index] ?? {}
  if (categories) return categories.length
  const [smallest, largest] = range ?? [NaN, NaN]
  if (smallest >= 0 && Number.isInteger(largest) && largest < MOST_CATEGORIES && training.areWhole()[index])
    return largest + 1
  throw new Failure('data.notCategories', { path, column: name ?? String(index), most: MOST_CATEGORIES - 1 })
}
