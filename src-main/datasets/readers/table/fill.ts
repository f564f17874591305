import type { DataColumn } from '#contract/dataset'
import { EXAMPLES } from '../../inspection/finding'
import type { Samples, TargetValues } from '../../reader'
import type { ColumnPlan } from './columns'
import { codeOf, MISSING_CODE, NAN_CODE, type Block, type RawTable } from './raw-table'
import type { TargetPlan } from './target'

/** Where something is wrong: how often, and the first rows or lines. */
export interface Flaw {
  count: number
  first: number[]
}
/** Why a value is not finite: it is missing, a text among numbers, or written as NaN or infinite. */
export type Fault = 'missing' | 'notANumber' | 'nonFinite'

/** What was found in a column while its values were filled in. */
export interface ColumnFound {
  flaws: Record<Fault, Flaw>
  /** Values that are NaN. */
  absent: number
  smallest: number
  largest: number
  /** Each number is one more than the one before, or as many as there are lines between them. */
  counts: boolean
}

/** The samples of one part of a table. */
export interface FilledPart {
  samples: Samples
  found: ColumnFound[]
  /** Lines whose target is missing, or cannot be used: they are left out. */
  withoutTarget: Flaw
}

export type UsedColumn = Extract<ColumnPlan, { kind: 'number' | 'category' }>
export const isUsed = (plan: ColumnPlan): plan is UsedColumn =>
  plan.kind === 'number' || plan.kind === 'category'

/**
 * Makes samples of a table's rows: numbers as they are, categories as their codes, NaN for what is not there. The
 * table's own memory is given back on the way.
 */
export function fillPart(
  table: RawTable,
  columns: readonly UsedColumn[],
  target: TargetPlan,
  name: string
): FilledPart {
  const width = columns.length
  const features = new Float32Array(table.rows * width)
  const targets: TargetValues = target.classes ? new Int32Array(table.rows) : new Float32Array(table.rows)
  const lines = new Uint32Array(table.rows)
  const found = columns.map(nothingFound)
  const withoutTarget = none()
  let count = 0
  for (const block of table.blocks) {
    const read = cellsOf(block, table.content.names.length)
    for (let row = 0; row < block.rows; row++) {
      const value = target.valueOf(block.targets[row], block.targetCodes[row])
      if (value === undefined) {
        note(withoutTarget, block.lines[row])
        continue
      }
      for (let place = 0; place < width; place++) {
        const { number, code } = read(row, columns[place].at)
        const cell = valueIn(columns[place], number, code)
        const step = count > 0 ? cell - features[(count - 1) * width + place] : 1
        if (step !== 1 && step !== block.lines[row] - lines[count - 1]) found[place].counts = false
        look(found[place], cell, faultOf(columns[place], code), count)
        features[count * width + place] = cell
      }
      targets[count] = value
      lines[count] = block.lines[row]
      count++
    }
    block.cells = new Uint32Array(0)
  }
  return {
    samples: {
      count,
      features: features.subarray(0, count * width),
      targets: targets.subarray(0, count) as TargetValues,
      nameOf: (index) => `${name}:${lines[index]}`
    },
    found,
    withoutTarget
  }
}

/** Reads cells of a block: a number, or the code of what is none. */
function cellsOf({ cells }: Block, columns: number) {
  const floats = new Float32Array(cells.buffer)
  const cell = { number: 0, code: undefined as number | undefined }
  return (row: number, column: number) => {
    const at = row * columns + column
    cell.code = codeOf(cells[at])
    cell.number = floats[at]
    return cell
  }
}

function valueIn(column: UsedColumn, number: number, code: number | undefined): number {
  if (column.kind === 'number') return code === undefined ? number : NaN
  return (code === undefined ? column.numbers.get(number) : column.codes[code]) ?? NaN
}

function faultOf({ kind }: UsedColumn, code: number | undefined): Fault {
  if (code === MISSING_CODE || kind === 'category') return 'missing'
  return code === undefined || code === NAN_CODE ? 'nonFinite' : 'notANumber'
}

/** Notes what a value says of its column; `fault` is why it is not finite, if it is not. */
function look(found: ColumnFound, value: number, fault: Fault, row: number): void {
  if (Number.isNaN(value)) found.absent++
  if (!Number.isFinite(value)) return note(found.flaws[fault], row)
  if (value < found.smallest) found.smallest = value
  if (value > found.largest) found.largest = value
}

/** What is known of a column from all parts. */
export function describeColumn(column: UsedColumn, found: readonly ColumnFound[]): DataColumn {
  const smallest = Math.min(...found.map((each) => each.smallest))
  const largest = Math.max(...found.map((each) => each.largest))
  return {
    name: column.name,
    kind: column.kind,
    ...(column.kind === 'category' && { categories: column.categories }),
    missing: found.reduce((sum, { absent }) => sum + absent, 0),
    ...(smallest <= largest && { range: [smallest, largest] as [number, number] })
  }
}

const none = (): Flaw => ({ count: 0, first: [] })
const nothingFound = (): ColumnFound => ({
  flaws: { missing: none(), notANumber: none(), nonFinite: none() },
  absent: 0,
  smallest: Infinity,
  largest: -Infinity,
  counts: true
})

/** One more than is shown is kept, to tell that there are more. */
export function note(flaw: Flaw, place: number): void {
  if (flaw.count++ <= EXAMPLES) flaw.first.push(place)
}
