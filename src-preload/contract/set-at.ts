const FORBIDDEN_KEYS = ['', '__proto__', 'constructor', 'prototype']

/**
 * A copy of a JSON value with another value at a path such as `gradients.0.rate`. Keys that are missing are made, so
 * that optional ones can be set; entries of lists are not.
 * @throws what `refused` gives, where there is no such place
 */
export function setAt(whole: unknown, path: string, value: unknown, refused: () => Error): unknown {
  const place = (at: unknown, [key, ...rest]: string[]): unknown => {
    if (key === undefined) return value
    if (FORBIDDEN_KEYS.includes(key)) throw refused()
    if (Array.isArray(at)) {
      const index = Number(key)
      if (!/^\d+$/.test(key) || index >= at.length) throw refused()
      return at.map((entry: unknown, position) => (position === index ? place(entry, rest) : entry))
    }
    if (at === undefined) return { [key]: place(undefined, rest) }
    if (at === null || typeof at !== 'object') throw refused()
    const known = at as Record<string, unknown>
    return { ...known, [key]: place(Object.hasOwn(known, key) ? known[key] : undefined, rest) }
  }
  return place(whole, path.split('.'))
}
