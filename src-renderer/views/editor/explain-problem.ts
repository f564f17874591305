import type { MessageKey, MessageValues } from '#contract/messages'
import type { Sketch } from '../../state/content'
import type { Problem } from '../../state/problem'
import { describePlace } from './describe-place'

/** What is wrong in a sentence that names its place as the window does, and not by its path in the file. */
export function explainProblem(
  { failure: { key, values } }: Problem,
  experiment: Sketch | undefined,
  say: (key: MessageKey, values?: MessageValues) => string
): string {
  const named = ['path', 'first', 'second'].flatMap((name) => {
    const path = values[name]
    return typeof path === 'string' ? [[name, describePlace(path, experiment, say)]] : []
  })
  return say(key, { ...values, ...Object.fromEntries(named) })
}
