import type { MessageKey } from '#contract/messages'
import type { Layer } from '#contract/vocabulary'
import type { Fields } from '../importer'
import { activationOf, initializerOf } from './functions'
import { flagOf } from './options'

/** A layer as an experiment file would hold it: defaults may be left out. */
export type LayerInput = { use: Layer['use'] } & Record<string, unknown>

/** Where the values of one of our tensors come from. */
export interface TensorSource {
  /** Ours, such as `gain`. */
  role: string
  /** Its name in Keras; absent for one that Keras does not have, which is filled with `fill`. */
  keras?: string
  fill?: number
  /** Shape of what the file holds, from the shape of ours; the order of values is the same. */
  storedShape?(shape: readonly number[]): readonly number[]
}

/** What becomes of a layer of Keras. */
export type Translation =
  | { layer: LayerInput; tensors: TensorSource[]; scale?: never; note?: MessageKey }
  /** It does nothing to outputs, or only while training. */
  | { layer?: never; scale?: never; note?: MessageKey }
  /** It multiplies raw values; what that is here depends on where it stands. */
  | { layer?: never; scale: number; note?: never }

/** One class of Keras. @throws Failure `import.why.*` for what cannot be represented */
export type Translator = (config: Fields, inputShape: readonly number[]) => Translation

/** A layer without tensors. */
export const plain = (use: Layer['use'], options: Record<string, unknown> = {}): Translation => ({
  layer: { use, ...options },
  tensors: []
})

/** Activation, initializers and bias of a layer, as far as they are not what is taken anyway. */
export function weightedOptions(config: Fields, initializer = 'kernel_initializer'): Record<string, unknown> {
  return present({
    activation: activationOf(config),
    initializer: initializerOf(config, initializer),
    biasInitializer: initializerOf(config, 'bias_initializer'),
    useBias: flagOf(config, 'use_bias', true)
  })
}

/** Kernel, and bias where there is one. */
export const weightedTensors = (config: Fields, ...kernels: TensorSource[]): TensorSource[] => [
  ...kernels,
  ...(flagOf(config, 'use_bias', true) ? [{ role: 'bias', keras: 'bias' }] : [])
]

/** The options that have a value. */
export const present = (options: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
