import type { Layer } from '#contract/vocabulary'
import type { FlatLayer, LayerDefinition, LayerPlan, Place } from '../layer'
import { activation } from './activation'
import { averagePooling1d } from './average-pooling1d'
import { averagePooling2d } from './average-pooling2d'
import { batchNormalization } from './batch-normalization'
import { conv1d } from './conv1d'
import { conv2d } from './conv2d'
import { dense } from './dense'
import { depthwiseConv2d } from './depthwise-conv2d'
import { dropout } from './dropout'
import { embedding } from './embedding'
import { flatten } from './flatten'
import { gaussianNoise } from './gaussian-noise'
import { globalAveragePooling1d } from './global-average-pooling1d'
import { globalAveragePooling2d } from './global-average-pooling2d'
import { globalMaxPooling1d } from './global-max-pooling1d'
import { globalMaxPooling2d } from './global-max-pooling2d'
import { gru } from './gru'
import { layerNormalization } from './layer-normalization'
import { lstm } from './lstm'
import { maxPooling1d } from './max-pooling1d'
import { maxPooling2d } from './max-pooling2d'
import { reshape } from './reshape'
import { separableConv2d } from './separable-conv2d'
import { simpleRnn } from './simple-rnn'

const layers = {
  dense,
  conv1d,
  conv2d,
  depthwiseConv2d,
  separableConv2d,
  maxPooling1d,
  maxPooling2d,
  averagePooling1d,
  averagePooling2d,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  flatten,
  reshape,
  dropout,
  gaussianNoise,
  batchNormalization,
  layerNormalization,
  embedding,
  simpleRnn,
  lstm,
  gru,
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
