import type { Schedule } from '#contract/vocabulary'

/** Points of a drawn curve; more than it is wide is of no use. */
const POINTS = 160

/** Length of a run: in steps, and how many of them make an epoch. */
export interface Span {
  steps: number
  stepsPerEpoch: number
}

// The formulas of the core's schedules; a test holds the two together.
const rates: {
  [Use in Schedule['use']]: (
    schedule: Extract<Schedule, { use: Use }>,
    position: { begin: number; end: number }
  ) => number
} = {
  constant: ({ rate }) => rate,
  warmup: ({ rate, over }, { end }) => rate * Math.min(1, end / over),
  step: ({ rate, every, factor }, { begin }) => rate * factor ** Math.floor(begin / every + 1e-9),
  exponential: ({ rate, every, factor }, { begin }) => rate * factor ** (begin / every),
  cosine({ rate, final, warmup, over }, { begin, end }) {
    if (begin < warmup) return rate * Math.min(1, end / warmup)
    if (begin >= over) return final
    return final + ((rate - final) * (1 + Math.cos((Math.PI * (begin - warmup)) / (over - warmup)))) / 2
  },
  oneCycle({ rate, over, rise, startDivisor, finalDivisor }, { begin }) {
    const progress = begin / over
    const last = rate / finalDivisor
    if (progress >= 1) return last
    const first = rate / startDivisor
    if (progress < rise) return first + ((rate - first) * (1 - Math.cos((Math.PI * progress) / rise))) / 2
    return rate + ((last - rate) * (1 - Math.cos((Math.PI * (progress - rise)) / (1 - rise)))) / 2
  },
  // When it falls is decided by scores that nobody knows yet.
  plateau: ({ rate }) => rate
}

/** The rate of a step, counted from 0. */
export function rateOfStep(schedule: Schedule, step: number, stepsPerEpoch: number): number {
  const unit = 'unit' in schedule && schedule.unit === 'epochs' ? stepsPerEpoch : 1
  const rateOf = rates[schedule.use] as (
    schedule: Schedule,
    position: { begin: number; end: number }
  ) => number
  return rateOf(schedule, { begin: step / unit, end: (step + 1) / unit })
}

/** Rates over a whole run at evenly spaced steps, the first and the last among them. */
export function curveOf(schedule: Schedule, { steps, stepsPerEpoch }: Span): number[] {
  const last = Math.max(1, Math.ceil(steps)) - 1
  const count = Math.min(POINTS, last + 1)
  return Array.from({ length: count }, (_, index) =>
    rateOfStep(schedule, count === 1 ? 0 : Math.round((index / (count - 1)) * last), stepsPerEpoch)
  )
}

/** The curve as a path of a picture of that size, from zero at its floor to the highest rate at its top. */
export function pathOf(curve: readonly number[], width: number, height: number): string {
  const highest = Math.max(...curve, Number.MIN_VALUE)
  const points = curve.map((rate, index) => {
    const x = curve.length === 1 ? 0 : (index / (curve.length - 1)) * width
    return `${x.toFixed(1)} ${(height - (rate / highest) * height).toFixed(1)}`
  })
  if (points.length === 1) points.push(`${width} ${points[0].split(' ')[1]}`)
  return `M${points.join('L')}`
}
