import { isMessageKey, type MessageKey, type MessageValues } from '#contract/messages'
import type { Layer } from '#contract/vocabulary'

type Say = (key: MessageKey, values?: MessageValues) => string

/** Key of the label of an experiment's word, or of its line of help. @throws Error for a word without a label */
export function wordKey(word: string, part?: 'help'): MessageKey {
  const key = `vocabulary.${word}${part ? `.${part}` : ''}`
  if (!isMessageKey(key)) throw new Error(`no text for ${key}`)
  return key
}

/** The options of a layer that say most about it, in a few characters, such as “32 · 3 × 3 · ReLU”. */
export function describeOptions(layer: Layer, say: Say): string {
  if (layer.use === 'weightNormalization')
    return [say(wordKey(layer.layer.use)), describeOptions(layer.layer, say)].join(' · ')
  const parts: (string | number)[] = []
  if ('units' in layer) parts.push(layer.units)
  if ('filters' in layer) parts.push(layer.filters)
  if ('kernelSize' in layer) parts.push(sizeOf(layer.use, layer.kernelSize))
  if ('size' in layer) parts.push(sizeOf(layer.use, layer.size))
  if (layer.use === 'reshape') parts.push(layer.shape.join(' × '))
  if ('rate' in layer) parts.push(layer.rate)
  if ('stddev' in layer) parts.push(layer.stddev)
  if ('activation' in layer && layer.activation) parts.push(say(wordKey(layer.activation)))
  return parts.join(' · ')
}

/** Along a sequence a size is one number; over images it is two, or one for both. */
const sizeOf = (use: string, size: number | readonly number[]): string | number =>
  typeof size === 'number' ? (use.endsWith('1d') ? size : `${size} × ${size}`) : size.join(' × ')
