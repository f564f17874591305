import type { RatePoint } from '#contract/range'
import { linearAxis, logarithmicAxis, type Axis } from '../../charts/axis'

/** Where the curve of a range test lies in a picture: its axes, its line as an SVG path, and the place of each point. */
export interface RangePicture {
  rates: Axis
  losses: Axis
  line: string
  /** The losses of single batches, as dots. */
  dots: { x: number; y: number }[]
  /** Place of a rate, from left to right. */
  x(rate: number): number
  /** Place of a loss, from top to bottom; one that is not finite or too large lies at the upper edge. */
  y(loss: number): number
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
  const losses = linearAxis(Math.min(...smoothed, ...single), Math.max(...smoothed))
  const x = (rate: number): number => ((Math.log10(rate) - rates.low) / (rates.high - rates.low)) * width
  const y = (loss: number): number => {
    const share = (loss - losses.low) / (losses.high - losses.low)
    return height * (1 - (Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 1))
  }
  const places = points
    .filter((point) => Number.isFinite(point.smoothed))
    .map((point) => `${x(point.rate).toFixed(1)} ${y(point.smoothed).toFixed(1)}`)
  return {
    rates,
    losses,
    line: places.length === 0 ? '' : `M${places.join('L')}`,
    dots: points
      .filter(({ loss }) => loss >= losses.low && loss <= losses.high)
      .map(({ rate, loss }) => ({ x: x(rate), y: y(loss) })),
    x,
    y
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
