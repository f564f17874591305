import { Failure } from '#contract/failure'

const FORBIDDEN_KEYS = ['', '__proto__', 'constructor', 'prototype']

/**
 * A copy of an experiment's JSON with the changes of `--set path=value`, in order. A value is JSON, else a string.
 * Keys that are missing are made, so that optional ones can be set; entries of lists are not.
 * @throws Failure `terminal.setWithoutValue`, `experiment.badPath`
 */
export const applySets = (experiment: unknown, sets: readonly string[]): unknown =>
  sets.map(parseSet).reduce((changed, { path, value }) => setAt(changed, path, value), experiment)

/** The path and the value of `path=value`. @throws Failure `terminal.setWithoutValue` */
export function parseSet(text: string): { path: string; value: unknown } {
  const at = text.indexOf('=')
  if (at < 1) throw new Failure('terminal.setWithoutValue', { text })
  return { path: text.slice(0, at), value: jsonOr(text.slice(at + 1)) }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function setAt(whole: unknown, path: string, value: unknown): unknown {
  const place = (at: unknown, [key, ...rest]: string[]): unknown => {
    if (key === undefined) return value
    if (FORBIDDEN_KEYS.includes(key)) throw new Failure('experiment.badPath', { path })
    if (Array.isArray(at)) {
      const index = Number(key)
      if (!/^\d+$/.test(key) || index >= at.length) throw new Failure('experiment.badPath', { path })
      return at.map((entry: unknown, position) => (position === index ? place(entry, rest) : entry))
    }
    if (at === undefined) return { [key]: place(undefined, rest) }
    if (at === null || typeof at !== 'object') throw new Failure('experiment.badPath', { path })
    const known = at as Record<string, unknown>
    return { ...known, [key]: place(Object.hasOwn(known, key) ? known[key] : undefined, rest) }
  }
  return place(whole, path.split('.'))
}
