/** The median of the last numbers, without sorting them anew for each. */
export interface RunningMedian {
  /** NaN before the first number. */
  readonly value: number
  /** Takes a number that is no NaN in; the oldest goes where there are enough. */
  add(value: number): void
}

/** Starts with nothing, and remembers so many numbers. */
export function startMedian(size: number): RunningMedian {
  const ring = new Float64Array(size)
  const sorted = new Float64Array(size)
  let count = 0
  let next = 0

  /** The first place whose number is not below this one. */
  const placeOf = (value: number): number => {
    let [low, high] = [0, count]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle] < value) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    get value() {
      return count === 0 ? NaN : sorted[count >> 1]
    },
    add(value) {
      if (count === size) {
        const gone = placeOf(ring[next])
        sorted.copyWithin(gone, gone + 1, count)
        count--
      }
      const place = placeOf(value)
      sorted.copyWithin(place + 1, place, count)
      sorted[place] = value
      count++
      ring[next] = value
      next = (next + 1) % size
    }
  }
}
