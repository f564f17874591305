import { isMessageKey, type MessageKey } from './messages'

/** The presets in the order in which they are offered: by what is learnt from, simple before large, failures last. */
export const presetOrder = [
  'mnist-cnn',
  'digits-mlp',
  'mnist-mlp',
  'mnist-small',
  'mnist-one-epoch',
  'mnist-rows-recurrent',
  'fashion-cnn',
  'fashion-resnet',
  'fruits-table',
  'regression',
  'adding',
  'vanishing',
  'exploding'
] as const

/** The keys of a preset's name and of the sentence about it; undefined for one that nobody has described. */
export function presetKeys(id: string): { name: MessageKey; help: MessageKey } | undefined {
  const name = `preset.${id}`
  const help = `preset.${id}.help`
  return isMessageKey(name) && isMessageKey(help) ? { name, help } : undefined
}
