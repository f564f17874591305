import type { PictureShape } from '../../components/drawing/pixels'
import { prepareDrawing } from '../../components/drawing/prepare'
import { blankRaster, paintPicture, paintStroke, type Raster } from '../../components/drawing/raster'
import { valuesOn, type InkStroke, type Sheet } from '../../state/sheet'

/** The sheet's longer side has about so many pixels, whatever the sample's size. */
const SHEET_PIXELS = 280
const FULL_INK = 255

/** Smallest and largest raw value of the data. */
export type Range = readonly [low: number, high: number]

/** The sheet as it is seen, for samples of one channel. */
export function rasterOf(sheet: Sheet, { height, width }: PictureShape, [low, high]: Range): Raster {
  const factor = Math.max(1, Math.round(SHEET_PIXELS / Math.max(height, width)))
  const raster = blankRaster(width * factor, height * factor)
  const below = valuesOn(sheet)
  if (below) {
    const values = Uint8ClampedArray.from(below, (value) => ((value - low) / (high - low)) * FULL_INK)
    paintPicture(raster, { width, height, values })
  }
  for (const stroke of sheet.strokes) paintStroke(raster, stroke)
  return raster
}

/** A raster with one stroke more, for a stroke that is being drawn. */
export function withStroke(raster: Raster, stroke: InkStroke): Raster {
  const copy = { ...raster, values: raster.values.slice() }
  paintStroke(copy, stroke)
  return copy
}

/**
 * What the model gets, in the data's own range: a sample as it is stored, a picture as it was brought to the form of
 * one, and a drawing prepared as the data were. Undefined for an empty sheet.
 */
export function featuresOf(
  sheet: Sheet,
  raster: Raster,
  { height, width }: PictureShape,
  [low, high]: Range
): Float32Array | undefined {
  const below = valuesOn(sheet)
  if (below && sheet.strokes.length === 0) return below
  return prepareDrawing(raster, height, width)?.map((ink) => low + (ink / FULL_INK) * (high - low))
}

/** Says whether outputs are probabilities: none below 0, together 1. */
export const areShares = (outputs: Float32Array): boolean =>
  outputs.every((output) => output >= 0) &&
  Math.abs(outputs.reduce((sum, output) => sum + output, 0) - 1) < 1e-3

/** Place of the largest of some numbers. */
export const largestOf = (values: ArrayLike<number>): number => {
  let best = 0
  for (let place = 1; place < values.length; place++) if (values[place] > values[best]) best = place
  return best
}
