import { readNumber, writePlain } from '../numbers'
import type { Control, NumberControl } from './control'

/** Characters of a number that is shown in full; a longer one is shortened, or written as a fraction. */
const SHORT = 9

/** A value as it stands in a text field; what was typed and could not be read is still there. */
export function writeTyped(control: Control, value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if ((control.kind === 'pair' || control.kind === 'list') && Array.isArray(value))
    return value.map((each) => writeTyped(control.each, each)).join(control.each.whole ? ' × ' : ', ')
  if (control.kind === 'texts' && Array.isArray(value)) return value.join(', ')
  if (typeof value === 'number') return writeNumber(value)
  return JSON.stringify(value)
}

/**
 * What was typed as the value that it means; undefined for an empty field. What cannot be read stays the text that it
 * is, so that nothing that was typed is lost.
 */
export function readTyped(control: Control, text: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (control.kind === 'number') return readFraction(trimmed)
  if (control.kind === 'word' && control.number) return readFraction(trimmed)
  if (control.kind === 'pair') return readPair(trimmed)
  if (control.kind === 'list') return readList(trimmed)
  if (control.kind === 'texts') return readTexts(trimmed, control.each.number !== undefined)
  if (control.kind === 'json') return readJson(trimmed)
  return text
}

/** The next number in a direction, 1 or −1, by as much as fits the number; within its limits. */
export function stepNumber(control: NumberControl, value: number, direction: number): number {
  const size = control.whole || value === 0 ? (control.whole ? 1 : 0.1) : stepOf(value, direction)
  const next = Number((value + direction * size).toPrecision(12))
  const { min, max, above, below } = control
  if (min !== undefined && next < min) return min
  if (max !== undefined && next > max) return max
  return (above !== undefined && next <= above) || (below !== undefined && next >= below) ? value : next
}

/** One in the leading digit: 0.003 goes to 0.004 and 0.002; 0.001 goes down to 0.0009. */
function stepOf(value: number, direction: number): number {
  const size = Math.abs(value)
  const step = 10 ** Math.floor(Math.log10(size) + 1e-9)
  const towardsZero = direction * value < 0
  return towardsZero && size <= step * (1 + 1e-9) ? step / 10 : step
}

function writeNumber(value: number): string {
  const full = String(value)
  if (full.length <= SHORT) return full
  const whole = Math.round(1 / value)
  return Math.abs(whole) > 1 && Math.abs(whole) < 1e6 && 1 / whole === value
    ? `1/${whole}`
    : writePlain(value)
}

function readFraction(text: string): number | string {
  const [above, below = '1', ...more] = text.split('/')
  const number = readNumber(above) / readNumber(below)
  return more.length > 0 || Number.isNaN(number) ? text : number
}

function readPair(text: string): unknown {
  const parts = readList(text)
  if (typeof parts === 'string' || parts.length > 2) return text
  return parts.length === 1 ? parts[0] : parts
}

function readList(text: string): number[] | string {
  const parts = text.split(/\s*[×xX*,，\s]\s*/).map(readNumber)
  return parts.some(Number.isNaN) ? text : parts
}

const readTexts = (text: string, orNumbers: boolean): (string | number)[] =>
  text
    .split(/[,，]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (orNumbers && /^\d+$/.test(part) ? Number(part) : part))

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Half of what is typed is no JSON yet: it stays a text, which the field refuses.
    return text
  }
}
