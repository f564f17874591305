import { initializations } from './vocabulary/initialization'
import { initializers } from './vocabulary/initializers'
import { layers } from './vocabulary/layers'
import { losses } from './vocabulary/losses'
import { augmentations, cleanings, faults, preparations } from './vocabulary/preparation'
import { optimizers, schedules, transforms } from './vocabulary/gradients'
import { sources } from './vocabulary/sources'

export * from './vocabulary/gradients'
export * from './vocabulary/initialization'
export * from './vocabulary/initializers'
export * from './vocabulary/layers'
export * from './vocabulary/losses'
export * from './vocabulary/preparation'
export * from './vocabulary/sources'
export { record } from './vocabulary/words'

/**
 * The words of an experiment by the place where they are used, with their options, defaults, limits and units. Forms,
 * the JSON Schema and the documentation are drawn from here; label and help of a word are in the locales under
 * `vocabulary.<word>` and `vocabulary.<word>.help`, those of an option under `vocabulary.option.<option>`.
 */
export const vocabulary = {
  sources,
  cleanings,
  preparations,
  augmentations,
  faults,
  initializers,
  initializations,
  layers,
  losses,
  schedules,
  transforms,
  optimizers
}
