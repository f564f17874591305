/** Values of some samples, one behind the other; several chunks together are a part of the data. */
export type Chunks = () => Iterable<ArrayLike<number>>

/** What is known of the finite values of each channel; zeros where a channel has none. */
export interface Moments {
  mean: number[]
  /** Standard deviation of the population: divided by the number of values. */
  deviation: number[]
  smallest: number[]
  largest: number[]
}

/** One channel so far. */
interface Running {
  count: number
  mean: number
  /** Sum of squares of the differences from the mean. */
  squares: number
  smallest: number
  largest: number
}

/**
 * Moments of every channel over some chunks, in double precision: mean and squares of each chunk in two passes over
 * it, joined as in Chan, Golub and LeVeque (1979), so that a large mean takes no digits from a small deviation.
 */
export function momentsOf(chunks: Chunks, channels: number): Moments {
  const running = Array.from({ length: channels }, (): Running => ({
    count: 0,
    mean: 0,
    squares: 0,
    smallest: Infinity,
    largest: -Infinity
  }))
  for (const values of chunks())
    for (let channel = 0; channel < channels; channel++) add(running[channel], values, channel, channels)
  const known = running.map((each) => (each.count > 0 ? each : { ...each, smallest: 0, largest: 0 }))
  return {
    mean: known.map(({ mean }) => mean),
    deviation: known.map(({ squares, count }) => Math.sqrt(squares / Math.max(1, count))),
    smallest: known.map(({ smallest }) => smallest),
    largest: known.map(({ largest }) => largest)
  }
}

function add(running: Running, values: ArrayLike<number>, channel: number, channels: number): void {
  let count = 0
  let sum = 0
  for (let i = channel; i < values.length; i += channels) {
    const value = values[i]
    if (!Number.isFinite(value)) continue
    count++
    sum += value
    if (value < running.smallest) running.smallest = value
    if (value > running.largest) running.largest = value
  }
  if (count === 0) return
  const mean = sum / count
  let squares = 0
  for (let i = channel; i < values.length; i += channels)
    if (Number.isFinite(values[i])) squares += (values[i] - mean) ** 2
  const total = running.count + count
  const apart = mean - running.mean
  running.squares += squares + (apart * apart * running.count * count) / total
  running.mean += (apart * count) / total
  running.count = total
}

/** The middle of the finite values of each channel, between two of them their mean; 0 where a channel has none. */
export function mediansOf(chunks: Chunks, channels: number): number[] {
  return valuesOf(chunks, channels).map((values) => {
    const sorted = Float64Array.from(values).sort()
    const middle = sorted.length >> 1
    if (sorted.length === 0) return 0
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  })
}

/** The value that each channel has most often, the smallest of them where there are several; 0 where it has none. */
export function commonestOf(chunks: Chunks, channels: number): number[] {
  return valuesOf(chunks, channels).map((values) => {
    const counts = new Map<number, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
    const [commonest] = Array.from(counts).sort(([a, often], [b, seldom]) => seldom - often || a - b)
    return commonest?.[0] ?? 0
  })
}

/** Says of each channel whether all its finite values are whole numbers. */
export function areWhole(chunks: Chunks, channels: number): boolean[] {
  const whole = new Array<boolean>(channels).fill(true)
  for (const chunk of chunks())
    for (let i = 0; i < chunk.length; i++)
      if (Number.isFinite(chunk[i]) && !Number.isInteger(chunk[i])) whole[i % channels] = false
  return whole
}

/** The finite values of each channel. */
function valuesOf(chunks: Chunks, channels: number): number[][] {
  const values = Array.from({ length: channels }, (): number[] => [])
  for (const chunk of chunks())
    for (let i = 0; i < chunk.length; i++) if (Number.isFinite(chunk[i])) values[i % channels].push(chunk[i])
  return values
}
