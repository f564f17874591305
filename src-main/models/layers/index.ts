import type { Layer } from '#contract/vocabulary'
import type { LayerDefinition, LayerPlan, Place } from '../layer'
import { activation } from './activation'
import { averagePooling2d } from './average-pooling2d'
import { batchNormalization } from './batch-normalization'
import { conv2d } from './conv2d'
import { dense } from './dense'
import { dropout } from './dropout'
import { flatten } from './flatten'
import { maxPooling2d } from './max-pooling2d'

const layers = {
  dense,
  conv2d,
  maxPooling2d,
  averagePooling2d,
  flatten,
  dropout,
  batchNormalization,
  activation
} satisfies { [Use in Layer['use']]: LayerDefinition<Use> }

/** A row of the table whose word is not known at compile time; a layer goes only to the row of its own word. */
interface AnyDefinition {
  plan(options: Layer, place: Place): LayerPlan
  scalars?(options: Layer): Record<string, number>
}
const definitionOf = (layer: Layer): AnyDefinition => layers[layer.use]

/** Plans a layer where it stands. @throws Failure `model.*` when it cannot stand there. */
export const planLayer = (layer: Layer, place: Place): LayerPlan => definitionOf(layer).plan(layer, place)

/** The numbers of a layer that may change while a run goes on. */
export const scalarsOf = (layer: Layer): Record<string, number> => definitionOf(layer).scalars?.(layer) ?? {}
