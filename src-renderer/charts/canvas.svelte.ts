import { untrack } from 'svelte'
import { canvasPen } from './canvas-pen'
import type { Drawing } from './drawing'
import { isSamePlacement, type Placement } from './finding-marks'
import { readInk, type Ink } from './ink'
import type { Pen } from './pen'
import type { Size } from './picture'

/**
 * A drawing of our own pen; `paint` answers with the place of its plot and its marks, and is asked again when it reads
 * something new.
 */
export const canvasDrawing = (paint: (pen: Pen, size: Size, ink: Ink) => Placement): Drawing => ({
  attach: (onplace) => (canvas) => {
    const context = canvas.getContext('2d')
    if (!context) return
    let size = $state.raw<Size>({ width: 0, height: 0 })
    let placement: Placement | undefined
    const box = canvas.parentElement ?? canvas
    const measure = (): void => {
      size = { width: box.clientWidth, height: box.clientHeight }
    }
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    measure()

    $effect(() => {
      const { width, height } = size
      if (width === 0 || height === 0) return
      const sharpness = devicePixelRatio
      if (canvas.width !== Math.round(width * sharpness)) canvas.width = Math.round(width * sharpness)
      if (canvas.height !== Math.round(height * sharpness)) canvas.height = Math.round(height * sharpness)
      canvas.style.width = `${width}px`
      canvas.style.height = `${height}px`
      context.setTransform(sharpness, 0, 0, sharpness, 0, 0)
      context.clearRect(0, 0, width, height)
      const ink = readInk(box)
      const placed = paint(canvasPen(context, ink.font), size, ink)
      if (placement && isSamePlacement(placed, placement)) return
      placement = placed
      untrack(() => onplace(placed))
    })
    return () => observer.disconnect()
  },
  paint: (pen, size, ink) => void paint(pen, size, ink)
})
