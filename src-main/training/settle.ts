import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Chain } from '../gradients/chain'
import type { Clipping } from '../gradients/transform'
import { acceptable, fitTogether, normsIn } from '../gradients/guard'
import type { Tensors } from '../gradients/tensors'
import { measureNorms } from '../health/measure'
import { updateRatios, type MoveLimit } from './update-ratios'

/** What a step has when its gradients are known. */
export interface Gradients {
  loss: Scalar
  gradients: Tensors
  parameters: Tensors
  state: Tensors
  fed: Record<string, Scalar>
  /** int32 [2], of the step. */
  seed: Tensor1D
}

/** The end of a step: what it would write, whether it may, and what was measured. */
export interface Settled extends Clipping {
  parameters: Tensors
  /** State of the chain. */
  state: Tensors
  accepted: Scalar
  /** Pairs of norms, [2 · tensors] each: before and after the transforms, the update, the weights before it. */
  norms: { before: Tensor; entering: Tensor; update: Tensor; weight: Tensor }
  /** Whether what would be written was sure to fit, bool [tensors]. */
  fits: Tensor
  /** Of each layer, the norm of its update over that of its weights, [layers]; absent where nothing limits it. */
  ratios?: Tensor
}

/**
 * Takes gradients through the chain, judges, and moves the parameters. What an optimizer with a fused form writes is not
 * known before it is written: there a bound takes the place of the update when the guard judges, and the norm of the
 * update is that of the difference of the weights, 0 where nothing was written. `names` is the order of what is measured.
 * Where the move of a layer is limited, its update must be known beforehand, and nothing is fused.
 */
export function settle(chain: Chain, names: readonly string[], given: Gradients, limit?: MoveLimit): Settled {
  const { loss, gradients, parameters, state, fed, seed } = given
  const chained = chain.update(gradients, state, parameters, fed, seed)
  const { threshold, clipped } = chained
  const measure = (tensors: Tensors): Tensor => measureNorms(names.map((name) => tensors[name]))
  const before = measure(gradients)
  // Without a transform the raw gradients are what enters the optimizer.
  const entering = chained.entering === gradients ? before : measure(chained.entering)
  const weight = measure(parameters)

  if (!chain.fused || limit) {
    const update = measure(chained.updates)
    const fits = fitTogether(normsIn(weight), normsIn(update))
    const ratios = limit && updateRatios(normsIn(update), normsIn(weight), limit)
    return {
      parameters: combine(parameters, chained.updates, tf.add),
      state: chained.state,
      accepted: acceptable({
        loss,
        before,
        entering,
        weight,
        fits,
        update,
        ...(ratios && { ratios: { found: ratios, largest: limit.largest } })
      }),
      norms: { before, entering, update, weight },
      fits,
      ratios,
      threshold,
      clipped
    }
  }
  const fits = fitTogether(normsIn(weight), chain.fused.bound(normsIn(entering), normsIn(weight), fed))
  const accepted = acceptable({ loss, before, entering, weight, fits })
  const written = chain.fused.write(accepted, chained, { parameters, state }, fed)
  const moved = measure(combine(written.parameters, parameters, tf.sub))
  const update = tf.where(accepted, moved, tf.zerosLike(moved))
  return { ...written, accepted, norms: { before, entering, update, weight }, fits, threshold, clipped }
}

const combine = (a: Tensors, b: Tensors, how: (a: Tensor, b: Tensor) => Tensor): Tensors =>
  Object.fromEntries(Object.entries(a).map(([name, tensor]) => [name, how(tensor, b[name])]))
