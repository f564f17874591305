/** Steps back that are kept. */
const LONGEST = 300

/** Values that were, that is, and that were taken back; a value that is recorded must not change afterwards. */
export interface History<Value> {
  readonly past: readonly Value[]
  readonly present: Value
  readonly future: readonly Value[]
  /** Where the newest value was changed; the next change of the same place joins it. */
  readonly place: string | undefined
}

/** A history that begins with a value. */
export const begin = <Value>(present: Value): History<Value> => ({
  past: [],
  present,
  future: [],
  place: undefined
})

/**
 * Adds a value. Changes of one place in a row are one entry, so that a word that is typed is taken back as a whole;
 * a change without a place is always an entry of its own.
 */
export function record<Value>(history: History<Value>, present: Value, place?: string): History<Value> {
  if (present === history.present) return history
  const joins = place !== undefined && place === history.place
  const past = joins ? history.past : [...history.past, history.present].slice(-LONGEST)
  return { past, present, future: [], place }
}

/** Ends a row of changes: the next one is an entry of its own, also at the same place. */
export const settle = <Value>(history: History<Value>): History<Value> =>
  history.place === undefined ? history : { ...history, place: undefined }

/** The value before the newest one; the same history where there is none. */
export function undo<Value>(history: History<Value>): History<Value> {
  if (history.past.length === 0) return history
  return {
    past: history.past.slice(0, -1),
    present: history.past[history.past.length - 1],
    future: [history.present, ...history.future],
    place: undefined
  }
}

/** The value that was taken back last; the same history where there is none. */
export function redo<Value>(history: History<Value>): History<Value> {
  if (history.future.length === 0) return history
  const [present, ...future] = history.future
  return { past: [...history.past, history.present], present, future, place: undefined }
}
