import type { Message } from '#contract/messages'
import { writePlain } from '../numbers'
import type { Control, NumberControl, Option, WordControl, WordsControl } from './control'

/** Why a value cannot stand in an option; undefined where it can. What words hold is told by their own fields. */
export function refuse({ control, optional, initial }: Option, value: unknown): Message | undefined {
  if (value === undefined && (optional || initial !== undefined)) return undefined
  return refuseBy(control, value)
}

function refuseBy(control: Control, value: unknown): Message | undefined {
  switch (control.kind) {
    case 'number':
      return refuseNumber(control, value)
    case 'pair':
      if (Array.isArray(value) && value.length === 2)
        return refuseNumber(control.each, value[0]) ?? refuseNumber(control.each, value[1])
      return typeof value === 'number' ? refuseNumber(control.each, value) : { key: 'editor.refuse.pair' }
    case 'list':
      if (!Array.isArray(value) || value.length === 0)
        return { key: control.each.whole ? 'editor.refuse.list' : 'editor.refuse.numbers' }
      return value
        .filter((each) => !control.also.includes(each))
        .map((each) => refuseNumber(control.each, each))
        .find((message) => message)
    case 'choice':
      return control.values.includes(String(value)) &&
        (typeof value === 'number') === (control.areNumbers ?? false)
        ? undefined
        : { key: 'editor.refuse.choice' }
    case 'switch':
      return typeof value === 'boolean' ? undefined : { key: 'editor.refuse.choice' }
    case 'text':
      return refuseText(control, value)
    case 'texts':
      if (!Array.isArray(value)) return { key: 'editor.refuse.empty' }
      return value.map((each) => refuseText(control.each, each)).find((refusal) => refusal !== undefined)
    case 'word':
      if (isWordOf(control, value)) return undefined
      return control.number ? refuseNumber(control.number, value) : { key: 'editor.refuse.choice' }
    case 'words':
      return isListOf(control, value)
        ? undefined
        : { key: 'editor.refuse.words', values: { least: control.least } }
    case 'either':
      return control.values.includes(String(value)) ? undefined : refuseBy(control.list, value)
    case 'record':
      return undefined
    case 'json':
      return typeof value === 'string' ? { key: 'editor.refuse.json' } : undefined
  }
}

function refuseNumber({ whole, min, max, above, below }: NumberControl, value: unknown): Message | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return { key: whole ? 'editor.refuse.whole' : 'editor.refuse.number' }
  if (whole && !Number.isInteger(value)) return { key: 'editor.refuse.whole' }
  const say = (key: Message['key'], limit: number): Message => ({ key, values: { limit: writePlain(limit) } })
  if (min !== undefined && value < min) return say('editor.refuse.tooSmall', min)
  if (above !== undefined && value <= above) return say('editor.refuse.notAbove', above)
  if (max !== undefined && value > max) return say('editor.refuse.tooBig', max)
  if (below !== undefined && value >= below) return say('editor.refuse.notBelow', below)
  return undefined
}

function refuseText(
  { pattern, shortest, longest, number }: Extract<Control, { kind: 'text' }>,
  value: unknown
): Message | undefined {
  if (number && typeof value === 'number') return refuseNumber(number, value)
  if (typeof value !== 'string' || value.length < shortest) return { key: 'editor.refuse.empty' }
  if (value.length > longest) return { key: 'editor.refuse.long', values: { limit: longest } }
  return pattern && !pattern.test(value) ? { key: 'editor.refuse.name' } : undefined
}

const isWordOf = ({ words }: WordControl, value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'use' in value && Object.hasOwn(words, String(value.use))

const isListOf = (control: WordsControl, value: unknown): boolean =>
  Array.isArray(value) &&
  value.length >= control.least &&
  value.every((each) => isWordOf({ kind: 'word', words: control.words() }, each))
