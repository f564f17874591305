import { parse } from 'csv-parse/sync'
import { Failure } from '#contract/failure'
import type { SourceOf } from '../../reader'
import { isMissing, readNumber } from './cell'

/** Delimiters in the order in which they are believed: commas may also stand inside of numbers. */
const DELIMITERS = ['\t', ';', '|', ',']
/** A delimiter is believed when so many of the first lines have the same number of fields. */
const ALIKE_SHARE = 0.9
export const MAX_RECORD_CHARACTERS = 2 ** 24
const MAX_COLUMNS = 100_000

/** How a file of delimited text is written. */
export interface Dialect {
  delimiter: string
  hasHeader: boolean
  /** Numbers are written as 1,5. */
  decimalComma: boolean
  names: string[]
}

/** Options of the parser that both the first look and the reading use. */
export const parserOptions = (delimiter: string) => ({
  delimiter,
  // Rows of another length are named, not refused.
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: MAX_RECORD_CHARACTERS
})

/**
 * Finds out from the beginning of a file how it is written.
 * @param head its first characters, and whether they are all of it
 * @throws Failure `data.empty`, `data.csv.oneColumn`, `data.csv.tooManyColumns`
 */
export function findDialect(
  path: string,
  head: { text: string; isWhole: boolean },
  { delimiter, header }: Pick<SourceOf<'csv'>, 'delimiter' | 'header'>
): Dialect {
  const wanted = delimiter === 'tab' ? '\t' : delimiter
  const looks = (wanted === undefined ? DELIMITERS : [wanted]).map((each) => lookAt(each, head))
  const best =
    looks.find(({ width, alike }) => width > 1 && alike >= ALIKE_SHARE) ??
    looks.filter(({ width }) => width > 1).sort((a, b) => b.alike - a.alike)[0]
  if (looks.every(({ records }) => records.length === 0)) throw new Failure('data.empty', { path })
  if (!best) throw new Failure('data.csv.oneColumn', { path })
  const { records } = best
  if (records[0].length > MAX_COLUMNS)
    throw new Failure('data.csv.tooManyColumns', { path, count: records[0].length, limit: MAX_COLUMNS })
  const decimalComma = best.delimiter !== ',' && usesDecimalComma(records)
  const hasHeader = header ?? looksLikeHeader(records, decimalComma)
  return { delimiter: best.delimiter, hasHeader, decimalComma, names: namesOf(records[0], hasHeader) }
}

function lookAt(delimiter: string, { text, isWhole }: { text: string; isWhole: boolean }) {
  let records: string[][]
  try {
    records = parse(text, { ...parserOptions(delimiter), bom: true })
  } catch {
    // A quote that is still open where the beginning ends: lines before it tell enough.
    const lines = text.split(/\r?\n/).slice(0, -1)
    records = lines.filter((line) => line.trim() !== '').map((line) => line.split(delimiter))
  }
  // The last one may be cut off.
  if (!isWhole && records.length > 1) records = records.slice(0, -1)
  const counts = new Map<number, number>()
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1)
  const [width, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [0, 0]
  return { delimiter, records, width, alike: records.length === 0 ? 0 : count / records.length }
}

/** Says whether the first line names the columns: it holds no number, nothing twice, and nothing that the column holds too. */
function looksLikeHeader([first, ...rest]: string[][], decimalComma: boolean): boolean {
  const cells = first.map((cell) => cell.trim())
  const isNumber = (cell: string): boolean => readNumber(cell.trim(), decimalComma) !== undefined
  if (cells.some(isNumber) || cells.slice(1).some((cell) => cell === '')) return false
  if (new Set(cells).size < cells.length) return false
  if (rest.length === 0) return true
  const isAboveNumbers = cells.some((_, at) => rest.some((row) => row[at] !== undefined && isNumber(row[at])))
  return isAboveNumbers || !cells.some((cell, at) => rest.some((row) => row[at]?.trim() === cell))
}

/** Names of the columns: their places, counted from 0, where the file has none; a name that comes twice is numbered. */
function namesOf(first: readonly string[], hasHeader: boolean): string[] {
  const seen = new Map<string, number>()
  return first.map((cell, place) => {
    const name = (hasHeader && cell.trim()) || String(place)
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
}

/** Says whether numbers have a comma where others have a point. */
function usesDecimalComma(records: readonly string[][]): boolean {
  const cells = records.flat().map((cell) => cell.trim())
  const isPlain = (cell: string): boolean => isMissing(cell) || readNumber(cell, false) !== undefined
  return (
    cells.some((cell) => !isPlain(cell) && readNumber(cell, true) !== undefined) &&
    !cells.some((cell) => /^[+-]?\d*\.\d+$/.test(cell))
  )
}
