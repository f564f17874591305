import type { Layer } from '#contract/vocabulary'
import type { FlatLayer, LayerDefinition, LayerPlan, Place } from '../layer'
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
} satisfies { [Use in FlatLayer['use']]: LayerDefinition<Use> }

/** A row of the table whose word is not known at compile time; a layer goes only to the row of its own word. */
interface AnyDefinition {
  plan(options: FlatLayer, place: Place): LayerPlan
  scalars?(options: FlatLayer): Record<string, number>
}
const definitionOf = (layer: FlatLayer): AnyDefinition => layers[layer.use]

/** Plans a layer where it stands. @throws Failure `model.*` when it cannot stand there. */
export const planLayer = (layer: FlatLayer, place: Place): LayerPlan => definitionOf(layer).plan(layer, place)

/** The numbers of a layer itself that may change while a run goes on. */
export const scalarsOf = (layer: Layer): Record<string, number> =>
  layer.use in layers ? (definitionOf(layer as FlatLayer).scalars?.(layer as FlatLayer) ?? {}) : {}
