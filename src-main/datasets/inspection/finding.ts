import type { DataFinding } from '#contract/dataset'
import type { MessageKey } from '#contract/messages'

/** Findings name this many samples at most. */
export const EXAMPLES = 10

/** The first entries of a list, with a sign that there are more. */
export const shorten = (entries: readonly (string | number)[]): string =>
  entries.slice(0, EXAMPLES).join(', ') + (entries.length > EXAMPLES ? ' …' : '')

/** A finding about samples at certain positions of a part with `total` samples; none where there are no positions. */
export function findingAt(
  about: Pick<DataFinding, 'kind' | 'severity' | 'part'> & { key: MessageKey },
  positions: readonly number[],
  total: number
): DataFinding[] {
  if (positions.length === 0) return []
  const { key, ...rest } = about
  const count = positions.length
  const values = { count, total, positions: shorten(positions) }
  return [{ ...rest, count, examples: positions.slice(0, EXAMPLES), message: { key, values } }]
}
