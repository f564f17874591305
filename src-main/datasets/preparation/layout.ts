import type { DataColumn } from '#contract/dataset'
import type { Operation } from '#contract/preparation'

/** What is known of one column of a table. */
export type Column = Pick<DataColumn, 'name' | 'kind' | 'categories' | 'range'>

/** What a sample looks like at a place of a plan. */
export interface Layout {
  /** Shape of one sample; what belongs together stands on the last axis. */
  shape: readonly number[]
  /** The columns of a table, where they are known. */
  columns?: readonly Column[]
}

/** Numbers on the last axis of a shape: channels, columns or features. */
export const channelsOf = (shape: readonly number[]): number => shape[shape.length - 1] ?? 1

/** How many numbers a sample of this shape holds. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)

/** The layout behind an operation. */
export function layoutAfter(operation: Operation, layout: Layout): Layout {
  const { shape, columns } = layout
  const outer = shape.slice(0, -1)
  switch (operation.use) {
    case 'affine':
    case 'fill':
    case 'clip':
      return layout
    case 'resize':
      return { shape: [operation.height, operation.width, channelsOf(shape)] }
    case 'grayscale':
      return { shape: [...outer, 1] }
    case 'repeat':
      return { shape: [...outer, operation.channels] }
    case 'oneHot': {
      const width = operation.sizes.reduce((sum, size) => sum + Math.max(1, size), 0)
      return {
        shape: [...outer, width],
        columns: columns?.flatMap((each, i) => expand(each, operation.sizes[i]))
      }
    }
  }
}

/** The columns that a column becomes. */
const expand = (column: Column, size: number): Column[] =>
  size === 0
    ? [column]
    : Array.from({ length: size }, (_, value) => ({
        name: `${column.name}=${column.categories?.[value] ?? value}`,
        kind: 'number',
        range: [0, 1]
      }))
