import { walkLayers, type NamedLayer } from '#contract/experiment'
import { isMessageKey, type MessageKey, type MessageValues } from '#contract/messages'
import { labelOf, valueLabel } from '../../components/forms/form'
import { writeTyped } from '../../components/forms/typed'
import type { Word } from '../../state/content'
import { valueAt } from '#contract/live'

type Say = (key: MessageKey, values?: MessageValues) => string

/** A place in an experiment in words, such as “dense_1 · Units”; a place without words is its path. */
export function describePlace(path: string, experiment: unknown, say: Say): string {
  const whole = `editor.place.${path}`
  if (isMessageKey(whole)) return say(whole)
  const word =
    /^(model\.layers(?:\.\d+\.layers(?=\.\d))*|gradients|data\.(?:clean|prepare|augment|faults)|data\.source|model\.initialize|loss)(?:\.(\d+))?(?:\.(.+))?$/.exec(
      path
    )
  if (!word) return path
  const [, list, index, rest] = word
  const place = index === undefined ? list : `${list}.${index}`
  const value = valueAt(experiment, place) as Word | undefined
  if (typeof value?.use !== 'string') return path
  const name =
    walkLayers(valueAt(experiment, 'model.layers') as NamedLayer[]).find((layer) => layer.path === place)
      ?.name ?? valueLabel(say, value.use)
  return [name, ...describeOptions(rest, value, place, say)].join(' · ')
}

/** Labels of the options along a path inside a word, such as `initializer.value`. */
function describeOptions(rest: string | undefined, word: Word, path: string, say: Say): string[] {
  if (rest === undefined || rest === 'use') return []
  const [option, ...deeper] = rest.split('.')
  const inner = word[option]
  let label: string
  try {
    label = labelOf(say, `${path}.${option}`, word.use, option)
  } catch {
    // An option that this version does not know, in a file from elsewhere.
    label = option
  }
  if (deeper.length === 0 || typeof inner !== 'object' || inner === null) return [label]
  return [label, ...describeOptions(deeper.join('.'), inner as Word, `${path}.${option}`, say)]
}

/** A value of an experiment in a few words: a word with its numbers, or the value itself. */
export function describeValue(value: unknown, say: Say): string {
  if (value === undefined) return say('editor.none')
  if (typeof value === 'string') return valueLabel(say, value)
  if (typeof value === 'boolean') return say(value ? 'editor.yes' : 'editor.no')
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return writeTyped(
      Array.isArray(value) ? { kind: 'json' } : { kind: 'text', shortest: 0, longest: 0 },
      value
    )
  const { use, ...options } = value as Partial<Word>
  const numbers = Object.values(options).filter((each) => typeof each === 'number')
  const shown = numbers.map((each) => describeValue(each, say)).join(', ')
  if (typeof use !== 'string') return shown
  return shown ? `${valueLabel(say, use)} ${shown}` : valueLabel(say, use)
}
