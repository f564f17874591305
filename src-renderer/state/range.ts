/** Steps from one to another, both included. */
export interface Range {
  from: number
  to: number
}

/** Fewest steps that a range spans. */
const SHORTEST = 8

const lengthOf = ({ from, to }: Range): number => to - from

/** The range in whole steps, moved and, when it is too long or too short, resized to lie within the bounds. */
export function fitRange(range: Range, bounds: Range): Range {
  const longest = lengthOf(bounds)
  const length = Math.min(Math.max(Math.round(lengthOf(range)), Math.min(SHORTEST, longest)), longest)
  const from = Math.min(Math.max(Math.round(range.from), bounds.from), bounds.to - length)
  return { from, to: from + length }
}

/** The range made longer by a factor (shorter below 1); the step `centre` stays where it is on the axis. */
export const zoomRange = (range: Range, factor: number, centre: number, bounds: Range): Range => {
  const share = (centre - range.from) / Math.max(lengthOf(range), 1)
  const length = Math.max(lengthOf(range) * factor, Math.min(SHORTEST, lengthOf(bounds)))
  const from = centre - share * length
  return fitRange({ from, to: from + length }, bounds)
}

/** The range moved by so many steps, with its length kept. */
export const panRange = (range: Range, steps: number, bounds: Range): Range =>
  fitRange({ from: range.from + steps, to: range.to + steps }, bounds)
