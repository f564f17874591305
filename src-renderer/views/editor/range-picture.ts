import type { RatePoint } from '#contract/range'
import { logarithmicAxis, scaleFor, type Axis } from '../../charts/axis'

/** Where the curve of a range test lies in a picture: its axes, its line as an SVG path, and the place of each point. */
export interface RangePicture {
  /** Of the logarithms of the rates. */
  rates: Axis
  /** Of the losses, or of their logarithms where they lie far apart. */
  losses: Axis
  line: string
  /** The losses of single batches, as dots. */
  dots: { x: number; y: number }[]
  /** Place of a rate, from left to right. */
  x(rate: number): number
  /** Place of a loss, from top to bottom; one that is not finite or too large lies at the upper edge. */
  y(loss: number): number
  /** Place of a height on the axis of the losses. */
  yAt(height: number): number
}

/** Draws the smoothed loss over the logarithm of the rate in a picture of that size. */
export function rangePicture(
  points: readonly RatePoint[],
  { width, height }: { width: number; height: number }
): RangePicture {
  const powers = points.map(({ rate }) => Math.log10(rate))
  const smoothed = points.map((point) => point.smoothed).filter((loss) => Number.isFinite(loss))
  const rates = logarithmicAxis(Math.min(...powers), Math.max(...powers))
  const single = points.map((point) => point.loss).filter((loss) => Number.isFinite(loss))
  // A batch whose loss is far above the line would flatten it; one below does not.
  const { axis: losses, height: heightOf } = scaleFor(
    [Math.min(...smoothed, ...single), Math.max(...smoothed)],
    false
  )
  const x = (rate: number): number => ((Math.log10(rate) - rates.low) / (rates.high - rates.low)) * width
  const yAt = (at: number): number =>
    height * (1 - Math.min(1, Math.max(0, (at - losses.low) / (losses.high - losses.low))))
  const y = (loss: number): number => yAt(heightOf(loss) ?? Infinity)
  const isInside = (at: number | undefined): boolean =>
    at !== undefined && at >= losses.low && at <= losses.high
  const places = points
    .filter((point) => Number.isFinite(point.smoothed))
    .map((point) => `${x(point.rate).toFixed(1)} ${y(point.smoothed).toFixed(1)}`)
  return {
    rates,
    losses,
    line: places.length === 0 ? '' : `M${places.join('L')}`,
    dots: points
      .filter(({ loss }) => isInside(heightOf(loss)))
      .map(({ rate, loss }) => ({ x: x(rate), y: y(loss) })),
    x,
    y,
    yAt
  }
}

/** A rate with two digits, as people set it: more of them a test of so few steps cannot tell. */
export const roundRate = (rate: number): number => Number(rate.toPrecision(2))

/** The number of the point whose rate is nearest to another. */
export const nearestPoint = (points: readonly RatePoint[], rate: number): number =>
  points.reduce(
    (best, point, index) =>
      Math.abs(Math.log(point.rate / rate)) < Math.abs(Math.log(points[best].rate / rate)) ? index : best,
    0
  )
