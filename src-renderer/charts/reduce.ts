import { StepFlag } from '#contract/run'

/** The columns of a run's steps: point by point its first step and the smallest and largest value it stands for. */
export interface Columns {
  readonly width: number
  readonly count: number
  readonly firsts: ArrayLike<number>
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
}

/** Reduces a column to the smallest and the largest value of each bucket, so that a spike of one step stays visible. */
export function reduce(series: Columns, column: number, reduction: Reduction): Reduced {
  const { from, to, buckets, logarithmic, flags } = reduction
  const reduced: Reduced = { line: [], zeros: [], odd: [], smallest: Infinity, largest: -Infinity }
  if (column >= series.width) return reduced
  const minima = series.minima[column]
  const maxima = series.maxima[column]
  const scale = buckets / Math.max(to - from + 1, 1)
  let open = -1
  let low = Infinity
  let lowStep = 0
  let high = -Infinity
  let highStep = 0

  const close = (): void => {
    if (open < 0) return
    if (high < low) reduced.line.push({ x: lowStep, y: null })
    else if (low === high) reduced.line.push({ x: lowStep, y: low })
    else if (lowStep <= highStep) reduced.line.push({ x: lowStep, y: low }, { x: highStep, y: high })
    else reduced.line.push({ x: highStep, y: high }, { x: lowStep, y: low })
    if (low < reduced.smallest) reduced.smallest = low
    if (high > reduced.largest) reduced.largest = high
  }
  const take = (value: number, step: number): void => {
    if (!Number.isFinite(value) || (logarithmic && value <= 0)) return
    const y = logarithmic ? Math.log10(value) : value
    if (y < low) [low, lowStep] = [y, step]
    if (y > high) [high, highStep] = [y, step]
  }

  for (let point = Math.max(series.find(from), 0); point < series.count; point++) {
    const step = series.firsts[point]
    if (step > to) break
    const bucket = Math.floor((step - from) * scale)
    if (bucket !== open) {
      close()
      open = bucket
      low = Infinity
      high = -Infinity
      lowStep = highStep = step
    }
    const smallest = minima[point]
    const largest = maxima[point]
    take(smallest, step)
    if (largest !== smallest) take(largest, step)
    if (!Number.isFinite(largest))
      reduced.odd.push({
        step,
        oddity: oddityOf(largest, flags === undefined ? 0 : series.maxima[flags][point])
      })
    else if (logarithmic && smallest <= 0) reduced.zeros.push(step)
  }
  close()
  return reduced
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

const oddityOf = (value: number, flags: number): Oddity => {
  if (Number.isNaN(value)) return 'nan'
  return flags & StepFlag.overflow && !(flags & StepFlag.nonFinite) ? 'overflow' : 'infinity'
}

/** Points for a table: as many as can be read, the newest first and always there. */
export function sampledPoints({ count }: Columns, rows = 50): number[] {
  const stride = Math.max(1, Math.ceil(count / rows))
  const points: number[] = []
  for (let point = count - 1; point >= 0; point -= stride) points.push(point)
  return points
}
