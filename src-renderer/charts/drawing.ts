import type { Attachment } from 'svelte/attachments'
import type { Placement } from './finding-marks'
import type { Ink } from './ink'
import type { Pen } from './pen'
import type { Size } from './picture'

/** What a chart's frame shows on its canvas and can write into a file. */
export interface Drawing {
  /**
   * Draws on a canvas, and again whenever something that it reads and that is reactive changes; says where its plot and
   * its marks lie when that changes.
   */
  attach(onplace: (placement: Placement) => void): Attachment<HTMLCanvasElement>
  /** Draws once, in a size. */
  paint(pen: Pen, size: Size, ink: Ink): void
}
