/** A cell of a grid, both counted from 0. */
export interface GridPlace {
  row: number
  column: number
}

/**
 * Where a key leads from a cell: to a neighbour, to an end of the row, or with Control to a corner; never out of the grid.
 * Undefined for all other keys.
 */
export function nextInGrid(
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  { row, column }: GridPlace,
  { rows, columns }: { rows: number; columns: number }
): GridPlace | undefined {
  const far = ctrlKey || metaKey
  const places: Record<string, [row: number, column: number]> = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    Home: [far ? 0 : row, 0],
    End: [far ? rows - 1 : row, columns - 1]
  }
  if (!(key in places)) return undefined
  const limited = (place: number, count: number): number => Math.min(count - 1, Math.max(0, place))
  const [toRow, toColumn] = places[key]
  return { row: limited(toRow, rows), column: limited(toColumn, columns) }
}

/** Gives the focus to the cell of a grid that has this place as `row,column` in its `data-place`. */
export const focusInGrid = (grid: HTMLElement, { row, column }: GridPlace): void =>
  grid.querySelector<HTMLElement>(`[data-place="${row},${column}"]`)?.focus()
