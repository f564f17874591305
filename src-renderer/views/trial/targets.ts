import type { DatasetSummary } from '#contract/dataset'
import { writePlain } from '../../components/numbers'
import { className } from '../data/class-name'

/** The target of a sample in words: the name of its class, or its numbers. */
export const targetText = ({ classes }: DatasetSummary, targets: readonly number[]): string =>
  classes ? className(classes, targets[0]) : targets.map(writePlain).join(', ')

/** Columns of a table that get a field or a place of their own, and their names; those without have a number. */
export function columnNames(
  { columns }: DatasetSummary,
  count: number,
  number: (place: number) => string
): string[] {
  return Array.from({ length: count }, (_, place) => columns?.[place]?.name ?? number(place + 1))
}

/** Names of the numbers that a model gives: that of the target where there is one of both, else their places. */
export const outputNames = (
  count: number,
  target: string | undefined,
  number: (place: number) => string
): string[] =>
  count === 1 && target !== undefined
    ? [target]
    : Array.from({ length: count }, (_, place) => number(place + 1))

/** The shortest text whose number is this 32-bit value; nothing for what is missing. */
export function writeExact(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '' : String(value)
  for (let digits = 1; digits < 9; digits++) {
    const near = Number(value.toPrecision(digits))
    if (Math.fround(near) === Math.fround(value)) return String(near)
  }
  return String(Number(value.toPrecision(9)))
}
