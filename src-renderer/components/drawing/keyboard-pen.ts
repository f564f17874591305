import type { Stroke, StrokePoint } from './raster'

/** A pen that arrow keys move from cell to cell of a grid. */
export interface KeyboardPen {
  row: number
  column: number
  /** The stroke it draws; undefined while it is lifted. */
  stroke?: Stroke
}

/** Rows and columns of the grid, and half the width of its strokes as a share of the sheet's width. */
export interface PenGrid {
  rows: number
  columns: number
  radius: number
}

const moves: Record<string, [down: number, right: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1]
}

/** What a key does to the pen: arrows move it, the space bar sets it down and lifts it; undefined for other keys. */
export function pressPenKey(pen: KeyboardPen, key: string, grid: PenGrid): KeyboardPen | undefined {
  const { row, column, stroke } = pen
  if (key === ' ') return stroke ? { row, column } : { row, column, stroke: [centreOf(row, column, grid)] }
  if (!Object.hasOwn(moves, key)) return undefined
  const [down, right] = moves[key]
  const moved = {
    row: Math.min(grid.rows - 1, Math.max(0, row + down)),
    column: Math.min(grid.columns - 1, Math.max(0, column + right))
  }
  if (!stroke || (moved.row === row && moved.column === column)) return stroke ? pen : moved
  return { ...moved, stroke: [...stroke, centreOf(moved.row, moved.column, grid)] }
}

const centreOf = (row: number, column: number, { columns, radius }: PenGrid): StrokePoint => ({
  x: (column + 0.5) / columns,
  y: (row + 0.5) / columns,
  radius
})
