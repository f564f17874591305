import type { Axis } from './axis'
import type { Marker } from './colours'
import type { HighMark } from './finding-marks'
import type { LinePoint, Oddity } from './reduce'

/** A line of a chart. */
export interface Line {
  colour: string
  points: LinePoint[]
  width: number
  dash?: number[]
  /** Drawn here and there along the line, to tell it apart without colour. */
  marker?: Marker
  side: 'left' | 'right'
  /** Drawn pale, behind what is to be seen first. */
  faint?: boolean
}

/** A single value of its own, such as a score at the end of an epoch. */
export interface Dot {
  x: number
  y: number
  colour: string
  marker: Marker
  side: 'left' | 'right'
}

/** Something that happened at a step. */
export interface Occasion {
  step: number
  text: string
  tone: 'change' | 'trouble' | 'quiet'
}

/** Everything a chart shows, ready to be drawn; values of a logarithmic side are given as log10. */
export interface Picture {
  from: number
  to: number
  left: Axis
  right?: Axis
  /** Range of the left axis in which all is well. */
  healthy?: { low: number; high: number }
  lines: Line[]
  dots: Dot[]
  occasions: Occasion[]
  /** What was found. */
  findings?: readonly HighMark[]
  /** Says whether there is a gutter for zeros below the axis, because its scale has no place for them. */
  gutter: boolean
  zeros: { step: number; colour: string; marker: Marker }[]
  odd: { step: number; colour: string; oddity: Oddity }[]
  /** Steps that get a tick on the step axis. */
  ticks: number[]
  /** Texts of steps on the axis. */
  showSteps: boolean
}

/** Where the plot lies inside its canvas, in CSS pixels. */
export interface PlotArea {
  left: number
  right: number
  top: number
  bottom: number
}

/** Size in CSS pixels. */
export interface Size {
  width: number
  height: number
}

/** Height of the strips inside the plot, in CSS pixels. */
export const ODD_STRIP = 14
export const GUTTER_GAP = 6
export const GUTTER_STRIP = 16
export const TICK_STRIP = 8
/** Room for the texts of both axes in CSS pixels, always the same, so that charts above each other line up. */
export const AXIS_WIDTH = 44
/** Share of a pale line that covers what is behind it. */
export const FAINT = 0.28

/** Room below the numbers of the left axis. */
export const bottomRoom = ({ gutter }: Pick<Picture, 'gutter'>): number =>
  gutter ? GUTTER_GAP + GUTTER_STRIP + TICK_STRIP : 0

/** Ends of a vertical axis in a plot of this height, so that its numbers keep clear of the strips. */
export function endsOf({ low, high }: Axis, height: number, bottom: number): { min: number; max: number } {
  const perPixel = (high - low) / Math.max(height - bottom - ODD_STRIP, 40)
  return { min: low - perPixel * bottom, max: high + perPixel * ODD_STRIP }
}
