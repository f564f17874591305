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
const GLYPH_WIDTH = 14
const NAME_GAP = 3
const NAME_SIZE = 10
const ODD_SHADES = ['zero', 'nan', 'infinity', 'overflow'] as const

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

  const lengths = names.map((name) => GLYPH_WIDTH + NAME_GAP + pen.measure(name, NAME_SIZE))
  const gap = (width - lengths.reduce((sum, length) => sum + length)) / (names.length - 1)
  let x = 0
  names.forEach((name, index) => {
    const box: Box = { x, y: GLYPHS, width: GLYPH_WIDTH, height: 13 }
    const shade = ODD_SHADES[index]
    if (shade === 'zero') paintShade(pen, shade, [box], ink, dark)
    else paintOdd(pen, shade, [box], ink)
    const place = { x: x + GLYPH_WIDTH + NAME_GAP, y: GLYPHS + 7 }
    pen.write(name, place, { colour: ink.soft, size: NAME_SIZE })
    x += lengths[index] + gap
  })
  return { left: 0, right: width, top: 0, bottom: BAR }
}
