import {
  columnOf,
  layerColumns,
  layerColumnOf,
  stepColumns,
  type StepBatch,
  type StepWindow
} from '#contract/step-rows'

/** Points kept in memory; the whole history is in the run folder. */
const CAPACITY = 8192
/** Newest points that keep their full resolution. */
const DETAIL = 2048

/**
 * The steps of one run as columns, for drawing. Each point covers one step or, in older parts, a range of steps with
 * the smallest finite and the largest value of every column; a value that is not finite wins in `maxima`, so that
 * neither a spike nor a NaN is lost. Memory is bounded: older points are joined when there are too many.
 */
export class Series {
  /** Numbers in a row; 0 before the first. */
  width = 0
  /** Points that hold values. */
  count = 0
  /** First and last step that each point covers. */
  readonly firsts = new Float64Array(CAPACITY)
  readonly lasts = new Float64Array(CAPACITY)
  minima: Float32Array[] = []
  maxima: Float32Array[] = []

  /** First step that is covered; 0 while there is none. */
  get first(): number {
    return this.count === 0 ? 0 : this.firsts[0]
  }

  /** Last step that is covered; 0 while there is none. */
  get last(): number {
    return this.count === 0 ? 0 : this.lasts[this.count - 1]
  }

  /** Puts the stored history in the place of everything there is; a window never has more points than fit. */
  load({ steps, to, width, minima, maxima }: StepWindow): void {
    this.count = 0
    if (steps.length === 0) return
    this.#widen(width)
    this.count = steps.length
    for (let point = 0; point < this.count; point++) {
      this.firsts[point] = steps[point]
      this.lasts[point] = Math.max((steps.at(point + 1) ?? to + 1) - 1, steps[point])
    }
    // One column after the other, because that is how they lie in memory.
    for (let column = 0; column < width; column++) {
      const [smallest, largest] = [this.minima[column], this.maxima[column]]
      for (let point = 0, at = column; point < this.count; point++, at += width) {
        smallest[point] = minima[at]
        largest[point] = maxima[at]
      }
    }
  }

  /** Adds live rows. Rows of steps that are there already replace them, or join the point that covers them. */
  append({ first, count, width, values }: StepBatch): void {
    this.#widen(width)
    for (let row = 0; row < count; row++) {
      const step = first + row
      const offset = row * width
      if (this.count === 0 || step > this.last) this.#push(step, step, values, values, offset)
      else if (step >= this.first) this.#merge(this.find(step), step, values, offset)
    }
  }

  /** Forgets everything after a step, because a run went back to a checkpoint. */
  truncate(step: number): void {
    while (this.count > 0 && this.firsts[this.count - 1] > step) this.count--
    if (this.count > 0) this.lasts[this.count - 1] = Math.min(this.last, step)
  }

  /** The point that covers a step, or the nearest one before it; −1 while there is none. */
  find(step: number): number {
    let low = 0
    let high = this.count - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.firsts[middle] <= step) low = middle
      else high = middle - 1
    }
    return high < 0 ? -1 : low
  }

  /** Points that lie in a range of steps, those at its ends included. */
  pointsIn(from: number, to: number): number {
    return this.count === 0 || to < this.first || from > this.last
      ? 0
      : this.find(to) - Math.max(this.find(from), 0) + 1
  }

  /** First step from which on every step has a point of its own. */
  get firstSingle(): number {
    let point = this.count - 1
    while (point >= 0 && this.firsts[point] === this.lasts[point]) point--
    return point < 0 ? this.first : this.lasts[point] + 1
  }

  /** Takes over what another series has of the steps behind the last one here. */
  continueWith(other: Series): void {
    if (other.last <= this.last || other.width !== this.width) return
    for (let point = Math.max(other.find(this.last + 1), 0); point < other.count; point++) {
      if (other.lasts[point] <= this.last) continue
      const first = Math.max(other.firsts[point], this.last + 1)
      if (this.count === CAPACITY) this.#thin()
      const at = this.count++
      this.firsts[at] = first
      this.lasts[at] = other.lasts[point]
      for (let column = 0; column < this.width; column++) {
        this.minima[column][at] = other.minima[column][point]
        this.maxima[column][at] = other.maxima[column][point]
      }
    }
  }

  /** The value that a point stands for: the only one, or the largest. NaN where there is no such point or column. */
  value(point: number, column: number): number {
    return point < 0 || point >= this.count ? NaN : (this.maxima[column]?.[point] ?? NaN)
  }

  #widen(width: number): void {
    if (width === this.width) return
    this.width = width
    this.count = 0
    this.minima = Array.from({ length: width }, () => new Float32Array(CAPACITY))
    this.maxima = Array.from({ length: width }, () => new Float32Array(CAPACITY))
  }

  #push(first: number, last: number, minima: Float32Array, maxima: Float32Array, offset: number): void {
    if (this.count === CAPACITY) this.#thin()
    const point = this.count++
    this.firsts[point] = first
    this.lasts[point] = last
    for (let column = 0; column < this.width; column++) {
      this.minima[column][point] = minima[offset + column]
      this.maxima[column][point] = maxima[offset + column]
    }
  }

  #merge(point: number, step: number, values: Float32Array, offset: number): void {
    const single = this.firsts[point] === this.lasts[point] && this.firsts[point] === step
    for (let column = 0; column < this.width; column++) {
      const value = values[offset + column]
      if (single) this.minima[column][point] = this.maxima[column][point] = value
      else this.#join(column, point, value, value)
    }
    this.lasts[point] = Math.max(this.lasts[point], step)
  }

  #join(column: number, point: number, smallest: number, largest: number): void {
    const minima = this.minima[column]
    const maxima = this.maxima[column]
    if (isFlags(column)) {
      minima[point] = maxima[point] = maxima[point] | largest
      return
    }
    if (!(minima[point] <= smallest) && Number.isFinite(smallest)) minima[point] = smallest
    maxima[point] = Number.isNaN(maxima[point]) ? NaN : Math.max(maxima[point], largest)
  }

  /** Joins neighbours outside the newest DETAIL points until they fill at most half of what there is room for. */
  #thin(): void {
    const end = this.count - DETAIL
    const span = Math.ceil((this.firsts[end] - this.first) / (CAPACITY / 4))
    let kept = 0
    for (let point = 1; point < this.count; point++) {
      if (point < end && this.lasts[point] - this.firsts[kept] < span) {
        for (let column = 0; column < this.width; column++)
          this.#join(column, kept, this.minima[column][point], this.maxima[column][point])
      } else {
        kept++
        this.firsts[kept] = this.firsts[point]
        for (let column = 0; column < this.width; column++) {
          this.minima[column][kept] = this.minima[column][point]
          this.maxima[column][kept] = this.maxima[column][point]
        }
      }
      this.lasts[kept] = this.lasts[point]
    }
    this.count = kept + 1
  }
}

const isFlags = (column: number): boolean =>
  column < stepColumns.length
    ? column === columnOf('flags')
    : (column - stepColumns.length) % layerColumns.length === layerColumnOf(0, 'flags') - stepColumns.length
