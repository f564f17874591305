import { StepFlag } from '#contract/step-rows'
import { leadOf, startSmoothing } from './smooth'

/** The columns of a run's steps: point by point the steps it covers and the smallest and largest value it stands for. */
export interface Columns {
  readonly width: number
  readonly count: number
  readonly firsts: ArrayLike<number>
  readonly lasts: ArrayLike<number>
  readonly minima: readonly ArrayLike<number>[]
  readonly maxima: readonly ArrayLike<number>[]
  /** The point that covers a step, or the nearest before it; −1 while there is none. */
  find(step: number): number
}

/** A point of a line; null breaks the line. */
export interface LinePoint {
  x: number
  y: number | null
}

/** What a value is when it is not a number to draw. `overflow` is finite in truth but too large to be written. */
export type Oddity = 'nan' | 'infinity' | 'overflow'

/** One column made ready for drawing: numbers, zeros and what is not finite, each apart. */
export interface Reduced {
  line: LinePoint[]
  /** The line smoothed, one point for each bucket; only when that was asked for. */
  smooth?: LinePoint[]
  /** Steps where the value is zero or less; only on a logarithmic axis, which has no place for them. */
  zeros: number[]
  odd: { step: number; oddity: Oddity }[]
  /** Range of the line's values; `Infinity` and `-Infinity` while it has none. */
  smallest: number
  largest: number
}

export interface Reduction {
  from: number
  to: number
  /** Buckets on the axis; each gives at most two points. */
  buckets: number
  /** Values are drawn as log10. */
  logarithmic: boolean
  /** Column of the flags that tell an overflow from an infinity. */
  flags?: number
  /** Weight of what came before, 0 to below 1; above 0 there is a smoothed line as well. */
  smoothing?: number
}

/** The values of a line, point by point of a run's columns. */
export interface Track {
  smallest(point: number): number
  largest(point: number): number
  flags(point: number): number
  /** Says whether there is no value at all, not even a bad one. */
  absent?(point: number): boolean
}

/** Reduces a column to the smallest and the largest value of each bucket, so that a spike of one step stays visible. */
export function reduce(series: Columns, column: number, reduction: Reduction): Reduced {
  if (column >= series.width) return { line: [], zeros: [], odd: [], smallest: Infinity, largest: -Infinity }
  const minima = series.minima[column]
  const maxima = series.maxima[column]
  const flags = reduction.flags === undefined ? undefined : series.maxima[reduction.flags]
  return reduceTrack(
    series,
    {
      smallest: (point) => minima[point],
      largest: (point) => maxima[point],
      flags: (point) => flags?.[point] ?? 0
    },
    reduction
  )
}

/** As `reduce`, for values that are no column of their own. */
export function reduceTrack(series: Columns, track: Track, reduction: Reduction): Reduced {
  const { from, to, buckets, logarithmic, smoothing = 0 } = reduction
  const { firsts, count } = series
  const { line, zeros, odd } = { line: [], zeros: [], odd: [] } as Pick<Reduced, 'line' | 'zeros' | 'odd'>
  const smooth: LinePoint[] | undefined = smoothing > 0 ? [] : undefined
  const smoother = startSmoothing(smoothing)
  const scale = buckets / Math.max(to - from + 1, 1)
  // The logarithm keeps the order of numbers, so that it is taken of each bucket's ends only.
  const height = logarithmic ? Math.log10 : (value: number): number => value
  const floor = logarithmic ? 0 : -Infinity
  let smallest = Infinity
  let largest = -Infinity

  const first = Math.max(series.find(from), 0)
  // A smoothed line must not begin anew at the edge of what is in view.
  let point = smooth ? Math.max(series.find(from - Math.ceil(leadOf(smoothing) / scale)), 0) : first
  for (let behind = false; point < count && !behind;) {
    const inView = point >= first
    const bucket = Math.floor((firsts[point] - from) * scale)
    let low = Infinity
    let high = -Infinity
    let lowStep = firsts[point]
    let highStep = lowStep
    do {
      const step = firsts[point]
      if (track.absent?.(point)) continue
      const least = track.smallest(point)
      const most = track.largest(point)
      if (least < low && least > floor) [low, lowStep] = [least, step]
      if (most < low && most > floor) [low, lowStep] = [most, step]
      if (most > high && most < Infinity && most > floor) [high, highStep] = [most, step]
      if (least > high && least < Infinity && least > floor) [high, highStep] = [least, step]
      // The first point behind the view only lets the line run up to its edge.
      behind = step > to
      if (!inView || behind) continue
      if (low < smallest) smallest = low
      if (high > largest) largest = high
      if (!Number.isFinite(most))
        odd.push({ step: Math.max(step, from), oddity: oddityOf(most, track.flags(point)) })
      else if (logarithmic && least <= 0) zeros.push(Math.max(step, from))
    } while (
      ++point < count &&
      !behind &&
      point !== first &&
      Math.floor((firsts[point] - from) * scale) === bucket
    )
    const [bottom, top] = high < low ? [null, null] : [height(low), height(high)]
    if (smooth) {
      const y = bottom === null ? null : smoother((bottom + top) / 2)
      if (inView) smooth.push({ x: Math.max(lowStep, highStep), y })
    }
    if (!inView) continue
    if (bottom === top) line.push({ x: lowStep, y: bottom })
    else if (lowStep <= highStep) line.push({ x: lowStep, y: bottom }, { x: highStep, y: top })
    else line.push({ x: highStep, y: top }, { x: lowStep, y: bottom })
  }
  return {
    line,
    ...(smooth && { smooth }),
    zeros,
    odd,
    smallest: smallest > largest ? Infinity : height(smallest),
    largest: smallest > largest ? -Infinity : height(largest)
  }
}

/** Steps in a range whose flags hold a bit. */
export function flaggedSteps(
  series: Columns,
  column: number,
  flag: number,
  from: number,
  to: number
): number[] {
  const steps: number[] = []
  if (column >= series.width) return steps
  for (
    let point = Math.max(series.find(from), 0);
    point < series.count && series.firsts[point] <= to;
    point++
  )
    if (series.maxima[column][point] & flag) steps.push(series.firsts[point])
  return steps
}

/** What a value that is not finite is, given its step's flags. */
export const oddityOf = (value: number, flags: number): Oddity => {
  if (Number.isNaN(value)) return 'nan'
  return flags & StepFlag.overflow && !(flags & StepFlag.nonFinite) ? 'overflow' : 'infinity'
}

/**
 * Share of the steps of a range that have a flag. `exact` is false where points stand for several steps: each of
 * them may have it, so that the share is the largest possible one. NaN without steps.
 */
export function flaggedShare(
  series: Columns,
  column: number,
  flag: number,
  from: number,
  to: number
): { share: number; exact: boolean } {
  let flagged = 0
  let steps = 0
  let exact = true
  for (
    let point = Math.max(series.find(from), 0);
    column < series.width && point < series.count && series.firsts[point] <= to;
    point++
  ) {
    const length = series.lasts[point] - series.firsts[point] + 1
    steps += length
    if (!(series.maxima[column][point] & flag)) continue
    flagged += length
    if (length > 1) exact = false
  }
  return { share: flagged / steps, exact }
}

/** Points for a table of a range: as many as can be read, the newest first and always there. */
export function sampledPoints(series: Columns, from = 0, to = Infinity, rows = 50): number[] {
  const first = Math.max(series.find(from), 0)
  const last = series.find(to)
  const stride = Math.max(1, Math.ceil((last - first + 1) / rows))
  const points: number[] = []
  for (let point = last; point >= first; point -= stride) points.push(point)
  return points
}
