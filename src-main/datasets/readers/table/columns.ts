import type { ColumnContent, RawTable, TableContent } from './raw-table'
import { areMistakes, codeOf, FIRST_TEXT_CODE } from './raw-table'

/** With more different texts a column is no category. */
const MAX_CATEGORIES = 1_000
/** So many texts, all of them different, are names and not categories. */
const NAMES = 5

/** What becomes of a column. */
export type ColumnPlan =
  | { kind: 'number'; name: string; at: number }
  /** Categories in order; `codes` are their numbers by the code of a text, `numbers` by a number that stands for one. */
  | {
      kind: 'category'
      name: string
      at: number
      categories: string[]
      codes: number[]
      numbers: Map<number, number>
    }
  /** Not used: without any value, dates, or texts that are all different or too many. */
  | { kind: 'empty' | 'date' | 'text'; name: string; at: number }

/** Decides what each column of a table is, for all parts together. */
export const planColumns = (content: TableContent, tables: readonly RawTable[]): ColumnPlan[] =>
  content.names.map((name, at): ColumnPlan => {
    const column = content.columns[at]
    const kind = kindOf(column)
    return kind === 'category' ? planCategory(name, at, column, tables) : { kind, name, at }
  })

function kindOf(column: ColumnContent): ColumnPlan['kind'] {
  const { numbers, texts, dates, codes } = column
  if (numbers + texts === 0) return 'empty'
  // Mistakes are found when the column is read as numbers.
  if (texts === 0 || areMistakes(column)) return 'number'
  if (dates === texts && numbers === 0) return 'date'
  const areNames = numbers === 0 && texts >= NAMES && codes.size === texts
  return areNames || codes.size >= MAX_CATEGORIES ? 'text' : 'category'
}

/** Categories are in the order of their names, so that the order of the rows does not matter; numbers come first. */
function planCategory(
  name: string,
  at: number,
  { codes }: ColumnContent,
  tables: readonly RawTable[]
): ColumnPlan {
  const values = new Set<number>()
  const float = new Float32Array(1)
  const bits = new Uint32Array(float.buffer)
  for (const { blocks, content } of tables)
    for (const { cells, rows } of blocks)
      for (let row = 0; row < rows; row++) {
        bits[0] = cells[row * content.names.length + at]
        if (codeOf(bits[0]) === undefined) values.add(float[0])
        if (values.size + codes.size > MAX_CATEGORIES) return { kind: 'text', name, at }
      }
  const sorted = [...values].sort((a, b) => a - b)
  const texts = [...codes.keys()]
  // What float32 has lost of a number is not shown.
  const categories = [...sorted.map((value) => String(Number(value.toPrecision(7)))), ...[...texts].sort()]
  const numberOf = new Map(categories.map((text, number) => [text, number]))
  return {
    kind: 'category',
    name,
    at,
    categories,
    codes: [
      ...new Array<number>(FIRST_TEXT_CODE).fill(NaN),
      ...texts.map((text) => numberOf.get(text) ?? NaN)
    ],
    numbers: new Map(sorted.map((value, number) => [value, number]))
  }
}
