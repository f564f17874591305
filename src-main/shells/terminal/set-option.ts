import { Failure } from '#contract/failure'
import { setAt } from '#contract/set-at'

/**
 * A copy of an experiment's JSON with the changes of `--set path=value`, in order. A value is JSON, else a string.
 * Keys that are missing are made, so that optional ones can be set; entries of lists are not.
 * @throws Failure `terminal.setWithoutValue`, `experiment.badPath`
 */
export const applySets = (experiment: unknown, sets: readonly string[]): unknown =>
  sets
    .map(parseSet)
    .reduce(
      (changed, { path, value }) =>
        setAt(changed, path, value, () => new Failure('experiment.badPath', { path })),
      experiment
    )

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
