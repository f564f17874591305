import { meanFieldMultiplier } from '#contract/mean-field'
import type { Activation, Initializer } from '#contract/vocabulary'
import type { Subject } from './detector'
import type { LayerStructure } from './structure'

/** Standard deviation of the weights times √fan-in: what a layer multiplies the scale of its inputs with, before its activation. */
export function gainOf({ initializer, fanIn }: LayerStructure): number | undefined {
  if (!initializer || fanIn === undefined) return undefined
  const root = Math.sqrt(fanIn)
  switch (initializer.use) {
    case 'heUniform':
    case 'heNormal':
      return Math.SQRT2
    case 'orthogonal':
      return Math.abs(initializer.gain)
    case 'randomNormal':
      return Math.hypot(initializer.mean, initializer.stddev) * root
    case 'randomUniform':
      return ((initializer.max - initializer.min) / Math.sqrt(12)) * root
    case 'zeros':
    case 'ones':
    case 'constant':
    case 'identity':
      return undefined
    default:
      return 1
  }
}

/** What was worked out of the theory before, by activation and gain. */
const multipliers = new Map<string, number>()

/**
 * What the norm of a gradient is multiplied with on its way back through a wide layer: √χ of the mean-field theory; the
 * gain itself for activations that it is not worked out for.
 */
function backwardFactor(gain: number, activation: Activation): number {
  const key = `${activation} ${gain}`
  const factor = multipliers.get(key) ?? meanFieldMultiplier(activation, gain) ?? gain
  multipliers.set(key, factor)
  return factor
}

/** The chain of hidden layers makes gradients so many times smaller or larger before anything was learnt. */
const UNFIT_FACTOR = 300
/** Each branch doubles the variance of what passes it. */
const MOST_BRANCHES = 12
/** A single layer whose weights are so many times too large or too small. */
const UNFIT_GAIN = 3
/** Biases beyond this push units of ordinary inputs to one side. */
const LARGE_BIAS = 2
const LARGEST_RECURRENT_GAIN = 1.05

/** Says whether the first weights alone make gradients vanish or explode, or all units alike. */
export function unfitInitialization({ layers }: Subject): boolean {
  const hidden = hiddenOf(layers)
  return (
    hidden.some(isUnfit) ||
    unnormalizedBranches(layers) > MOST_BRANCHES ||
    Math.abs(Math.log(chainFactor(hidden, 'sigmoid'))) > Math.log(UNFIT_FACTOR)
  )
}

/** The first hidden layer whose weights or biases are unfit by themselves, not only so many of them together. */
export const firstUnfit = ({ layers }: Subject): LayerStructure | undefined => hiddenOf(layers).find(isUnfit)

const hiddenOf = (layers: readonly LayerStructure[]): LayerStructure[] =>
  layers.filter((layer) => !layer.isNormalization && !layer.isOutput)

/** Residuals one behind the other whose branches are not normalized and do not begin at zero. */
function unnormalizedBranches(layers: readonly LayerStructure[]): number {
  const branches = new Map<string, LayerStructure[]>()
  for (const layer of layers) {
    const residual = layer.name.slice(0, Math.max(0, layer.name.lastIndexOf('/')))
    if (residual !== '') branches.set(residual, [...(branches.get(residual) ?? []), layer])
  }
  return [...branches.values()].filter(
    (inside) =>
      !inside.some(({ isNormalization }) => isNormalization) && inside.at(-1)?.initializer?.use !== 'zeros'
  ).length
}

/** Says whether the activations alone make gradients vanish, however the weights are drawn. */
export function chainFactor(hidden: readonly LayerStructure[], except?: Activation): number {
  return hidden.reduce((product, layer) => {
    const gain = gainOf(layer)
    const counts =
      gain !== undefined && !layer.feedsNormalization && !layer.isInBranch && layer.activation !== except
    return counts ? product * backwardFactor(gain, layer.activation) : product
  }, 1)
}

function isUnfit(layer: LayerStructure): boolean {
  if (layer.feedsNormalization) return false
  const { initializer, biasInitializer, recurrentInitializer } = layer
  if (biasInitializer && Math.abs(valueOf(biasInitializer)) > LARGE_BIAS) return true
  if (recurrentInitializer && 'gain' in recurrentInitializer)
    if (Math.abs(recurrentInitializer.gain) > LARGEST_RECURRENT_GAIN) return true
  if (initializer && isConstant(initializer) && !layer.isInBranch) return true
  const gain = gainOf(layer)
  return gain !== undefined && (gain > UNFIT_GAIN * Math.SQRT2 || gain < 1 / UNFIT_GAIN)
}

/** Says whether an initializer makes all weights of a layer alike. */
export const isConstant = (initializer: Initializer): boolean =>
  ['zeros', 'ones', 'constant'].includes(initializer.use) ||
  (initializer.use === 'randomNormal' && initializer.stddev === 0) ||
  (initializer.use === 'randomUniform' && initializer.min === initializer.max)

const valueOf = (initializer: Initializer): number => {
  if (initializer.use === 'constant') return initializer.value
  return initializer.use === 'ones' ? 1 : 0
}
