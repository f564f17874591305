/** A value of a table as it was read: text, a number, or nothing. */
export type Cell = string | number | undefined

/** Texts that stand where a value is missing, as pandas reads them, and the question mark of UCI's data sets. */
const missing = new Set(['', '?', 'NA', 'N/A', '#NA', '#N/A', '<NA>', 'n/a', 'NULL', 'null', 'None'])
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const DECIMAL_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i
const NOT_FINITE = /^([+-]?)(nan|inf|infinity)$/i
const DATE = /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})([T ]\d{1,2}:\d{2}.*)?$/

export const isMissing = (text: string): boolean => missing.has(text)
/** Says whether a text is a day, with or without a time. */
export const isDate = (text: string): boolean => DATE.test(text)

/** The number that a text is, NaN and infinities included; undefined where it is none. */
export function readNumber(text: string, decimalComma: boolean): number | undefined {
  if (NUMBER.test(text)) return Number(text)
  if (decimalComma && DECIMAL_COMMA.test(text)) return Number(text.replace(',', '.'))
  const special = NOT_FINITE.exec(text)
  if (!special) return undefined
  if (/nan/i.test(special[2])) return NaN
  return special[1] === '-' ? -Infinity : Infinity
}
