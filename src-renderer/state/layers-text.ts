import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { Word } from './content'

/** The layers as JSON for people and for `readLayers`. */
export const writeLayers = (layers: readonly Word[]): string => JSON.stringify(layers, undefined, 2)

/**
 * The layers in a JSON text: a list of layers, one layer, a model, or a whole experiment. Defaults are filled in.
 * @throws Failure `editor.notJson`, `editor.noLayers`, or what is wrong with a layer
 */
export function readLayers(text: string): Word[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Failure('editor.notJson', { problem: (error as SyntaxError).message })
  }
  const layers = findLayers(value)
  if (!layers || layers.length === 0) throw new Failure('editor.noLayers')
  const frame: Omit<ExperimentInput, 'model'> = {
    version: 1,
    data: { source: { use: 'mnist' } },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'sgd', rate: 0.1 }],
    training: { batchSize: 1, epochs: 1 }
  }
  return parseExperiment({ ...frame, model: { layers } }).model.layers
}

function findLayers(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null) return undefined
  if ('use' in value) return [value]
  if ('layers' in value) return findLayers(value.layers)
  return 'model' in value ? findLayers(value.model) : undefined
}
