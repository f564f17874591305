import { LEVELS } from './diverging'
import type { Ink } from './ink'
import { paintOdd, paintShade } from './paint-map'
import type { Box, Pen } from './pen'
import type { PlotArea, Size } from './picture'

export interface KeyPainting {
  /** Ends of the healthy range in words. */
  ends: [low: string, high: string]
  /** Names of zero, NaN, infinity and overflow. */
  names: [string, string, string, string]
  dark: boolean
}

/** Height of the key in CSS pixels. */
export const KEY_HEIGHT = 52

const BAR = 10
/** The healthy range is as wide as so many shades, so that it is seen. */
const HEALTHY_CELLS = 3
const TEXTS = BAR + 8
const GLYPHS = BAR + 20

/** Draws what the shades of the map mean; answers with the place of the bar of colours. */
export function paintKey(pen: Pen, { ends, names, dark }: KeyPainting, ink: Ink, { width }: Size): PlotArea {
  const cell = width / (2 * LEVELS + HEALTHY_CELLS)
  for (let level = -LEVELS; level <= LEVELS; level++) {
    const place = level + LEVELS + (level > 0 ? HEALTHY_CELLS - 1 : 0)
    const wide = level === 0 ? HEALTHY_CELLS * cell : cell
    paintShade(pen, level, [{ x: place * cell, y: 0, width: wide, height: BAR }], ink, dark)
  }
  const [low, high] = [LEVELS * cell, (LEVELS + HEALTHY_CELLS) * cell]
  pen.write(ends[0], { x: low + 4, y: TEXTS }, { colour: ink.faint, align: 'right' })
  pen.write(ends[1], { x: high - 2, y: TEXTS }, { colour: ink.faint })
  pen.write('←', { x: 0, y: TEXTS }, { colour: ink.faint })
  pen.write('→', { x: width, y: TEXTS }, { colour: ink.faint, align: 'right' })

  const box = (index: number): Box => ({ x: (index * width) / 4, y: GLYPHS, width: 14, height: 13 })
  paintShade(pen, 'zero', [box(0)], ink, dark)
  const oddities = ['nan', 'infinity', 'overflow'] as const
  oddities.forEach((oddity, index) => paintOdd(pen, oddity, [box(index + 1)], ink))
  names.forEach((name, index) =>
    pen.write(name, { x: (index * width) / 4 + 17, y: GLYPHS + 7 }, { colour: ink.soft, size: 10 })
  )
  return { left: 0, right: width, top: 0, bottom: BAR }
}
