import { isMessageKey, type MessageKey } from './messages'
import { optimizers } from './vocabulary/gradients'

/**
 * The key of an option's label, or of its line of help: by the word it belongs to, or by its place in the experiment
 * where it belongs to none. @throws Error for an option without a text
 */
export function optionKey(
  path: string,
  use: string | undefined,
  option: string,
  part: '' | '.help'
): MessageKey {
  if (use !== undefined && use in optimizers && option === 'rate') return `window.control.rate${part}`
  const candidates =
    use === undefined
      ? [`editor.place.${path}${part}`]
      : [`editor.option.${use}.${option}${part}`, `vocabulary.option.${option}${part}`]
  const key = candidates.find(isMessageKey)
  if (!key) throw new Error(`no text for ${candidates.at(-1)}`)
  return key
}
