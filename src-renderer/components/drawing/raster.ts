/** Grey values from 0 (empty) to 255 (full ink), row after row. */
export interface Raster {
  width: number
  height: number
  values: Uint8ClampedArray<ArrayBuffer>
}

/** One place of a stroke. All lengths are shares of the sheet's width. */
export interface StrokePoint {
  x: number
  y: number
  radius: number
}
export type Stroke = readonly StrokePoint[]

/** A sheet without ink. */
export const blankRaster = (width: number, height: number): Raster => ({
  width,
  height,
  values: new Uint8ClampedArray(width * height)
})

/** Puts a stroke on a raster, from one of its points on; what overlaps does not get darker. */
export function paintStroke(raster: Raster, stroke: Stroke, from = 0): void {
  if (stroke.length === 1) paintSegment(raster, stroke[0], stroke[0])
  for (let end = Math.max(1, from); end < stroke.length; end++)
    paintSegment(raster, stroke[end - 1], stroke[end])
}

/** Fills a raster with a picture of another size, each of its pixels as a rectangle. */
export function paintPicture(raster: Raster, picture: Raster): void {
  for (let y = 0; y < raster.height; y++) {
    const row = Math.floor((y * picture.height) / raster.height) * picture.width
    for (let x = 0; x < raster.width; x++)
      raster.values[y * raster.width + x] =
        picture.values[row + Math.floor((x * picture.width) / raster.width)]
  }
}

/** A line with round ends; a pixel takes as much ink as it lies inside, up to half a pixel from the edge. */
function paintSegment({ width, height, values }: Raster, start: StrokePoint, end: StrokePoint): void {
  const [ax, ay, bx, by] = [start.x, start.y, end.x, end.y].map((share) => share * width)
  const [startRadius, endRadius] = [start.radius * width, end.radius * width]
  const reach = Math.max(startRadius, endRadius) + 1
  const length = (bx - ax) ** 2 + (by - ay) ** 2
  const top = Math.max(0, Math.floor(Math.min(ay, by) - reach))
  const bottom = Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach))
  const left = Math.max(0, Math.floor(Math.min(ax, bx) - reach))
  const right = Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach))
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const [px, py] = [x + 0.5, y + 0.5]
      const along = length === 0 ? 0 : ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length
      const share = Math.min(1, Math.max(0, along))
      const distance = Math.hypot(px - ax - share * (bx - ax), py - ay - share * (by - ay))
      const inside = startRadius + share * (endRadius - startRadius) - distance + 0.5
      const ink = Math.min(1, Math.max(0, inside)) * 255
      const place = y * width + x
      if (ink > values[place]) values[place] = ink
    }
}
