import { outlineOf, TEXT_SIZE, type Pen } from './pen'

const outlines = new Map<string, Path2D>()

function pathOf(marker: Parameters<Pen['shape']>[0], radius: number): Path2D {
  const key = `${marker} ${radius}`
  const path = outlines.get(key) ?? new Path2D(outlineOf(marker, radius))
  outlines.set(key, path)
  return path
}

/** Draws on a canvas; texts in a font family. */
export function canvasPen(context: CanvasRenderingContext2D, family: string): Pen {
  const font = (size = TEXT_SIZE, bold = false): string => `${bold ? '600 ' : ''}${size}px ${family}`
  return {
    boxes(boxes, colour, opacity = 1) {
      context.globalAlpha = opacity
      context.fillStyle = colour
      for (const { x, y, width, height } of boxes) context.fillRect(x, y, width, height)
      context.globalAlpha = 1
    },
    line(places, { colour, width, dash = [], opacity = 1 }) {
      context.globalAlpha = opacity
      context.strokeStyle = colour
      context.lineWidth = width
      context.lineJoin = 'round'
      context.setLineDash(dash)
      context.beginPath()
      let drawing = false
      for (const place of places) {
        if (place && drawing) context.lineTo(place.x, place.y)
        else if (place) context.moveTo(place.x, place.y)
        drawing = place !== null
      }
      context.stroke()
      context.setLineDash([])
      context.globalAlpha = 1
    },
    shape(marker, { x, y }, radius, colour, fill) {
      const path = pathOf(marker, radius)
      context.translate(x, y)
      context.fillStyle = fill
      context.strokeStyle = colour
      context.lineWidth = 1.5
      context.fill(path)
      context.stroke(path)
      context.translate(-x, -y)
    },
    write(text, { x, y }, { colour, align = 'left', size, bold }) {
      context.font = font(size, bold)
      context.fillStyle = colour
      context.textAlign = align === 'centre' ? 'center' : align
      context.textBaseline = 'middle'
      context.fillText(text, x, y)
    },
    measure(text, size) {
      context.font = font(size)
      return context.measureText(text).width
    },
    within({ left, right, top, bottom }, draw) {
      context.save()
      context.beginPath()
      context.rect(left, top, right - left, bottom - top)
      context.clip()
      draw()
      context.restore()
    }
  }
}
