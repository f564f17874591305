import type { MessageKey } from '#contract/messages'
import { presetKeys } from '#contract/presets'
import type { Preset } from '#contract/requests'

/** What a preset is called; one that nobody has described has the name of its experiment. */
export function presetName({ id, experiment }: Preset, say: (key: MessageKey) => string): string {
  const keys = presetKeys(id)
  return keys ? say(keys.name) : experiment.name
}
