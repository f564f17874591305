import type { RatePoint, RateTest } from '#contract/range'

/** Share of the first steps whose smoothed loss is still that of a few batches, as in fastai. */
const UNSETTLED_SHARE = 0.1
/** A loss that fell by less than this share is noise. */
const SMALLEST_FALL = 0.01

/**
 * What a range test suggests; nothing where the loss never fell. The suggestion is fastai's valley, the middle of the
 * longest fall: it rests on many steps, where the steepest place rests on two and is often that of a noisy batch. All of
 * it is read off the smoothed losses.
 */
export function suggestRate(tested: readonly RatePoint[]): RateTest['suggestion'] {
  const points = tested
    .slice(Math.floor(tested.length * UNSETTLED_SHARE))
    .filter(({ smoothed }) => Number.isFinite(smoothed))
  const fall = longestFall(points.map(({ smoothed }) => smoothed))
  if (fall.length < 2) return undefined
  const [first, last] = [points[fall[0]], points[fall[fall.length - 1]]]
  if (first.smoothed - last.smoothed < SMALLEST_FALL * Math.abs(first.smoothed)) return undefined
  const lowest = points.reduce((best, point) => (point.smoothed < best.smoothed ? point : best))
  return {
    valley: points[middleOf(fall)].rate,
    steepest: points[steepestIn(points)].rate,
    largestStable: lowest.rate
  }
}

/** Places of the longest row of losses of which each is lower than the one before; others may lie between them. */
function longestFall(losses: readonly number[]): number[] {
  const length = losses.map(() => 1)
  const before = losses.map(() => -1)
  let end = 0
  for (let at = 1; at < losses.length; at++) {
    for (let earlier = 0; earlier < at; earlier++)
      if (losses[at] < losses[earlier] && length[at] <= length[earlier]) {
        length[at] = length[earlier] + 1
        before[at] = earlier
      }
    if (length[at] > length[end]) end = at
  }
  const places: number[] = []
  for (let at = losses.length > 0 ? end : -1; at >= 0; at = before[at]) places.unshift(at)
  return places
}

/** The place in the middle of a fall. */
const middleOf = (fall: readonly number[]): number => Math.floor((fall[0] + fall[fall.length - 1]) / 2)

/** The place from which the loss falls most, compared with how much the logarithm of the rate grows. */
function steepestIn(points: readonly RatePoint[]): number {
  const slopes = points.slice(1).map(({ rate, smoothed }, index) => {
    const from = points[index]
    return (smoothed - from.smoothed) / (Math.log(rate) - Math.log(from.rate))
  })
  return slopes.reduce((best, slope, index) => (slope < slopes[best] ? index : best), 0)
}
