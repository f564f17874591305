import type { z } from 'zod'
import { Failure } from './failure'
import { nearest } from './nearest'

/** What a schema found wrong with a value, as a sentence that names the place, what was expected and what was found. */
export function failureOf(issue: z.core.$ZodIssue, value: unknown): Failure {
  const path = issue.path.join('.') || 'experiment'
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]
    const at = [...issue.path, key].join('.')
    return new Failure('experiment.unknownKey', {
      path: at,
      key,
      nearest: nearest(key, issue.message.split(' '))
    })
  }
  const found = valueAt(value, issue.path)
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'use') {
    const words = issue.message.split(' ')
    if (found === undefined) return new Failure('experiment.noWord', { path, words: words.join(', ') })
    return new Failure('experiment.unknownWord', {
      path,
      word: String(found),
      nearest: nearest(String(found), words),
      words: words.join(', ')
    })
  }
  // A value of several kinds, such as a rate: what the fitting kind says is the useful sentence.
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.find(([first]) => first.code !== 'invalid_type' || first.path.length > 0)?.[0]
    if (inner) return failureOf({ ...inner, path: [...issue.path, ...inner.path] }, value)
  }
  if (issue.code === 'invalid_value')
    return new Failure('experiment.notOneOf', {
      path,
      found: show(found),
      nearest: nearest(String(found), issue.values.map(String)),
      words: issue.values.map(String).join(', ')
    })
  if (found === undefined) return new Failure('experiment.missing', { path })
  if (issue.code === 'too_small' && Array.isArray(found)) return new Failure('experiment.empty', { path })
  if (issue.code === 'invalid_format')
    return new Failure('experiment.wrongForm', { path, found: show(found), pattern: issue.pattern ?? '' })
  if (issue.code === 'too_small')
    return new Failure(issue.inclusive === false ? 'experiment.notAbove' : 'experiment.tooSmall', {
      path,
      limit: String(issue.minimum),
      found: show(found)
    })
  if (issue.code === 'too_big')
    return new Failure(issue.inclusive === false ? 'experiment.notBelow' : 'experiment.tooBig', {
      path,
      limit: String(issue.maximum),
      found: show(found)
    })
  const expected = issue.code === 'invalid_type' ? issue.expected : issue.message
  return new Failure('experiment.wrongType', { path, expected: String(expected), found: show(found) })
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (at === null || at === undefined ? undefined : (at as Record<PropertyKey, unknown>)[key]),
    value
  )

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
