/** Smallest and largest value of each channel; what a line is drawn between. */
export type ChannelRanges = readonly (readonly [number, number])[]

/** Sides of the square that lines are drawn in. */
export const SERIES_SIDE = 100

/** The ranges of the channels in some series, one behind the other; a channel without a number gets 0 to 1. */
export function rangesOf(values: ArrayLike<number>, channels: number): [number, number][] {
  const ranges = Array.from({ length: channels }, (): [number, number] => [Infinity, -Infinity])
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isFinite(value)) continue
    const range = ranges[i % channels]
    if (value < range[0]) range[0] = value
    if (value > range[1]) range[1] = value
  }
  return ranges.map(([low, high]) => (low <= high ? [low, high] : [0, 1]))
}

/**
 * The line of one channel as an SVG path, time to the right, its range from bottom to top; what is no finite number is a
 * gap, and a value between two gaps a dot.
 */
export function linePath(
  values: ArrayLike<number>,
  {
    channel,
    channels,
    range: [low, high]
  }: { channel: number; channels: number; range: readonly [number, number] }
): string {
  const steps = values.length / channels
  const across = steps > 1 ? SERIES_SIDE / (steps - 1) : 0
  let path = ''
  let pen = 'M'
  for (let step = 0; step < steps; step++) {
    const value = values[step * channels + channel]
    if (!Number.isFinite(value)) {
      pen = 'M'
      continue
    }
    const x = steps > 1 ? step * across : SERIES_SIDE / 2
    const y = high > low ? SERIES_SIDE - (SERIES_SIDE * (value - low)) / (high - low) : SERIES_SIDE / 2
    path += `${pen}${round(x)} ${round(y)}`
    // A line of no length has round ends, which are a dot.
    if (pen === 'M') path += `h0`
    pen = 'L'
  }
  return path
}

const round = (value: number): number => Math.round(value * 100) / 100
