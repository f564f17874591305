import type { Experiment } from '#contract/experiment'
import { meanFieldMultiplier } from '#contract/mean-field'
import type { Layer } from '#contract/vocabulary'
import { gainOf } from './initial-scale'
import type { LayerStructure } from './structure'

/** Layers between which the theory of dense layers holds. */
const PLAIN: readonly Layer['use'][] = ['flatten', 'reshape', 'dense', 'activation']

/**
 * √χ of the hidden layers of a plain dense net behind its first one. Undefined where there are none, where they are not
 * alike in activation and gain, or where the model is of another kind.
 */
export function theoreticalMultiplier(
  { model }: Experiment,
  layers: readonly LayerStructure[]
): number | undefined {
  if (model.initialize || model.weights !== undefined) return undefined
  if (!model.layers.every(({ use }) => PLAIN.includes(use))) return undefined
  const behind = layers.filter(({ isOutput }) => !isOutput).slice(1)
  const factors = behind.map((layer) => {
    const gain = gainOf(layer)
    return gain === undefined ? undefined : `${layer.activation} ${gain}`
  })
  const [first] = behind
  if (!first || factors[0] === undefined || factors.some((factor) => factor !== factors[0])) return undefined
  return meanFieldMultiplier(first.activation, gainOf(first) ?? NaN)
}

/**
 * What one hidden layer multiplies the norm of the gradient with on its way back: the geometric mean over neighbours
 * among the hidden layers, of which `norms` has one each from the first to the last. Undefined where there are not two;
 * NaN where no two neighbours have norms that are finite and not zero.
 */
export function measuredMultiplier(norms: readonly number[]): number | undefined {
  if (norms.length < 2) return undefined
  const logarithms = norms
    .slice(1)
    .map((behind, index) => Math.log(norms[index]) - Math.log(behind))
    .filter(Number.isFinite)
  if (logarithms.length === 0) return NaN
  return Math.exp(logarithms.reduce((sum, each) => sum + each, 0) / logarithms.length)
}
