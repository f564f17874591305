import type { DataFinding } from '#contract/dataset'
import type { MessageKey, MessageValues } from '#contract/messages'
import type { Samples } from '../reader'

/** Findings name this many samples at most. */
export const EXAMPLES = 10

/** The first entries of a list, with a sign that there are more. */
export const shorten = (entries: readonly (string | number)[]): string =>
  entries.slice(0, EXAMPLES).join(', ') + (entries.length > EXAMPLES ? ' …' : '')

/** What a person calls a sample: its file or line where it has one, else its position. */
export const nameIn = ({ nameOf }: Samples, index: number): string => nameOf?.(index) ?? String(index)

/** What a finding is about before its samples are counted. */
type About = Pick<DataFinding, 'kind' | 'severity' | 'part'> & { key: MessageKey }

/** A finding about files, lines, folders or columns, by name; none where there are no names. `values` are added to its sentence. */
export function named(
  { key, ...about }: About,
  names: readonly string[],
  values: MessageValues = {},
  count = names.length
): DataFinding[] {
  if (count === 0) return []
  return [
    {
      ...about,
      count,
      examples: [],
      names: names.slice(0, EXAMPLES),
      message: { key, values: { count, names: shorten(names), ...values } }
    }
  ]
}

/**
 * A finding about samples at certain positions of a part; none where there are no positions. `describe` writes the
 * sample at a place in the list of positions.
 */
export function findingAt(
  about: About,
  positions: readonly number[],
  samples: Samples,
  describe: (place: number) => string = (place) => nameIn(samples, positions[place])
): DataFinding[] {
  if (positions.length === 0) return []
  const { key, ...rest } = about
  const count = positions.length
  const examples = positions.slice(0, EXAMPLES)
  // One more than is shown tells that there are more.
  const shown = positions.slice(0, EXAMPLES + 1).map((_, place) => describe(place))
  return [
    {
      ...rest,
      count,
      examples,
      ...(samples.nameOf && { names: examples.map((index) => nameIn(samples, index)) }),
      message: { key, values: { count, total: samples.count, positions: shorten(shown) } }
    }
  ]
}
