import { Failure } from '#contract/failure'
import { nearest } from '#contract/nearest'
import { areMistakes, FIRST_TEXT_CODE, type RawTable, type TableContent } from './raw-table'

/** Whole numbers are classes when there are at most so many of them … */
const MAX_NUMBER_CLASSES = 20
/** … and each stands in so many rows on average; two of them are classes always. */
const ROWS_PER_CLASS = 2
const MAX_CLASSES = 10_000

/** What the targets of a table are. */
export interface TargetPlan {
  /** Names of the classes in order; absent where targets are numbers. */
  classes?: string[]
  /** Class number or value of a target by its number (NaN for none) and the code of its text; undefined where it cannot be used. */
  valueOf(number: number, code: number): number | undefined
}

/** The place of a target among the columns: by its name, else by its place counted from 0. @throws Failure `data.table.noTarget` */
export function findTarget(path: string, names: readonly string[], target: string | number): number {
  const byName = names.indexOf(String(target))
  if (byName >= 0) return byName
  const place = Number(target)
  if (Number.isInteger(place) && place >= 0 && place < names.length) return place
  throw new Failure('data.table.noTarget', {
    path,
    target: String(target),
    nearest: nearest(String(target), [...names]),
    count: names.length
  })
}

/**
 * Decides what the targets of all parts are: texts, and whole numbers that come again and again, are classes; other
 * numbers are values. A few texts among many numbers are mistakes.
 * @throws Failure `data.table.tooManyClasses`, `data.table.noNumbers`
 */
export function planTarget(
  content: TableContent,
  tables: readonly RawTable[],
  name: string,
  task: 'classification' | 'regression' | undefined
): TargetPlan {
  const { path } = tables[0]
  const { numbers, texts, codes } = content.target
  const values = distinctNumbers(tables)
  const textsAreClasses = texts > 0 && !areMistakes(content.target)
  if (task === 'regression' && numbers === 0 && texts > 0)
    throw new Failure('data.table.noNumbers', { path, target: name, found: codes.keys().next().value ?? '' })
  if (task === 'regression' || (task === undefined && !textsAreClasses && !recur(values, numbers)))
    return { valueOf: (number) => (Number.isFinite(number) ? number : undefined) }

  const takesTexts = task === 'classification' || textsAreClasses
  const sorted = values && [...values].sort((a, b) => a - b)
  const classes = [...(sorted ?? []).map(String), ...(takesTexts ? [...codes.keys()].sort() : [])]
  if (!sorted || classes.length > MAX_CLASSES || codes.size >= MAX_CLASSES)
    throw new Failure('data.table.tooManyClasses', { path, target: name, limit: MAX_CLASSES })
  const labels = new Map(classes.map((each, label) => [each, label]))
  const labelOfCode = [...codes.keys()].map((text) => (takesTexts ? labels.get(text) : undefined))
  return {
    classes,
    valueOf: (number, code) =>
      code >= FIRST_TEXT_CODE ? labelOfCode[code - FIRST_TEXT_CODE] : labels.get(String(number))
  }
}

/** The different finite numbers among the targets; undefined where there are more than there may be classes. */
function distinctNumbers(tables: readonly RawTable[]): Set<number> | undefined {
  const values = new Set<number>()
  for (const { blocks } of tables)
    for (const { targets, rows } of blocks)
      for (let row = 0; row < rows; row++) {
        if (Number.isFinite(targets[row])) values.add(targets[row])
        if (values.size > MAX_CLASSES) return undefined
      }
  return values
}

/** Says whether numbers look like those of classes. */
const recur = (values: ReadonlySet<number> | undefined, rows: number): boolean =>
  values !== undefined &&
  values.size <= MAX_NUMBER_CLASSES &&
  (values.size <= 2 || rows >= ROWS_PER_CLASS * values.size) &&
  [...values].every((value) => Number.isInteger(value))
