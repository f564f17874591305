import { checkBudget } from '../../files'
import { isDate, isMissing, readNumber, type Cell } from './cell'

const ROWS_PER_BLOCK = 4_096
/** Different texts of one column that are told apart; with more it is no category. */
const MAX_TEXTS = 1_000
const MAX_TARGET_TEXTS = 10_000
/** Different texts of all columns together. */
const MAX_TEXTS_IN_ALL = 1_000_000
/** Texts are mistakes among so many times as many numbers, and a single one among a few. */
const MANY_TIMES = 9
const SOME = 3
/** Block and final array are in memory at the same time. */
const BYTES_PER_CELL = 8

// A cell is kept in the 32 bits of its number. What is no number takes one of the many bit patterns of NaN, with its
// code in the lower bits; such a pattern is only ever read as a whole number, because a float may lose it.
const NAN_BITS = 0x7fc00000
export const MISSING_CODE = 0
export const NAN_CODE = 1
/** A text beyond the number of those that are told apart. */
export const OTHER_TEXT_CODE = 2
export const FIRST_TEXT_CODE = 3

/** The code in the bits of a cell; undefined for those of a number. */
export const codeOf = (bits: number): number | undefined =>
  bits >= NAN_BITS && bits < NAN_BITS + 0x400000 ? bits - NAN_BITS : undefined

/** Rows as they were read, column after column in each row. */
export interface Block {
  /** The bits of float32 numbers, or codes. */
  cells: Uint32Array
  /** The target as a number, NaN where it is none; the code of its text, if any. */
  targets: Float64Array
  targetCodes: Int32Array
  lines: Uint32Array
  rows: number
}

/** What was seen in one column. */
export interface ColumnContent {
  numbers: number
  texts: number
  /** Texts that are dates. */
  dates: number
  /** Code of each text, in the order in which they came. */
  codes: Map<string, number>
}

/**
 * Says whether the texts of a column are mistakes among its numbers, and not names of categories or classes: one of
 * them, or few among many numbers.
 */
export const areMistakes = ({ numbers, texts }: ColumnContent): boolean =>
  texts > 0 && (numbers >= MANY_TIMES * texts || (texts === 1 && numbers >= SOME))

/** What was seen in the columns of all parts of a source, which share their codes. */
export interface TableContent {
  /** Names of the columns that are features, in order. */
  names: readonly string[]
  columns: ColumnContent[]
  target: ColumnContent
}

/** The rows of one part in memory, before it is known what its columns are. */
export interface RawTable {
  path: string
  content: TableContent
  blocks: Block[]
  rows: number
}

/** Takes the rows of a table one by one. */
export interface TableWriter {
  /** @throws Failure `data.overBudget` */
  add(features: readonly Cell[], target: Cell, line: number): void
  readonly table: RawTable
}

/** What is known of columns with these names before anything was read. */
export function createContent(names: readonly string[]): TableContent {
  const empty = (): ColumnContent => ({ numbers: 0, texts: 0, dates: 0, codes: new Map() })
  return { names, columns: names.map(empty), target: empty() }
}

/** Begins the table of one part. */
export function createTable(path: string, content: TableContent, decimalComma = false): TableWriter {
  const { names, columns } = content
  const table: RawTable = { path, content, blocks: [], rows: 0 }
  let textsInAll = 0
  const float = new Float32Array(1)
  const bits = new Uint32Array(float.buffer)

  /** Counts a cell in its column, and gives its number or its code. */
  function read(cell: Cell, column: ColumnContent, limit: number): { number?: number; code: number } {
    if (cell === undefined) return { code: MISSING_CODE }
    const text = typeof cell === 'string' ? cell.trim() : ''
    if (typeof cell === 'string' && isMissing(text)) return { code: MISSING_CODE }
    const number = typeof cell === 'number' ? cell : readNumber(text, decimalComma)
    if (number !== undefined) {
      column.numbers++
      return Number.isNaN(number) ? { code: NAN_CODE } : { number, code: MISSING_CODE }
    }
    column.texts++
    if (isDate(text)) column.dates++
    let code = column.codes.get(text)
    if (code === undefined && column.codes.size < limit && textsInAll < MAX_TEXTS_IN_ALL) {
      code = FIRST_TEXT_CODE + column.codes.size
      column.codes.set(text, code)
      textsInAll++
    }
    return { code: code ?? OTHER_TEXT_CODE }
  }

  function nextBlock(): Block {
    checkBudget(path, (table.rows + ROWS_PER_BLOCK) * names.length * BYTES_PER_CELL)
    const block = {
      cells: new Uint32Array(ROWS_PER_BLOCK * names.length),
      targets: new Float64Array(ROWS_PER_BLOCK),
      targetCodes: new Int32Array(ROWS_PER_BLOCK),
      lines: new Uint32Array(ROWS_PER_BLOCK),
      rows: 0
    }
    table.blocks.push(block)
    return block
  }

  return {
    table,
    add(features, target, line) {
      const last = table.blocks.at(-1)
      const block = last && last.rows < ROWS_PER_BLOCK ? last : nextBlock()
      const from = block.rows * names.length
      for (let column = 0; column < names.length; column++) {
        const { number, code } = read(features[column], columns[column], MAX_TEXTS)
        if (number === undefined) block.cells[from + column] = NAN_BITS + code
        else {
          float[0] = number
          block.cells[from + column] = bits[0]
        }
      }
      const { number, code } = read(target, content.target, MAX_TARGET_TEXTS)
      block.targets[block.rows] = number ?? NaN
      block.targetCodes[block.rows] = code
      block.lines[block.rows] = line
      block.rows++
      table.rows++
    }
  }
}
