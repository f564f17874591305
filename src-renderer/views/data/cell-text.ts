import type { DataColumn } from '#contract/dataset'
import { writePlain } from '../../components/numbers'

/** A value of a table as it stood in its file: the name of a category, a number, or a dash for what is missing. */
export const cellText = (value: number, column: DataColumn | undefined): string =>
  Number.isNaN(value) ? '–' : (column?.categories?.[value] ?? writePlain(value))
