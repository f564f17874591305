import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'
import type { ParameterTable } from '#contract/model'
import { isOptimizer, type GradientStep } from '#contract/vocabulary'
import { writeFused, type FusedOptimizer } from './fused'
import { optimizers } from './optimizers'
import { rateAt } from './schedules'
import { withoutPrefix, withPrefix, type Tensors } from './tensors'
import type { Clipping, Clock, TransformBuilder } from './transform'
import { transforms } from './transforms'

/** What an experiment does with its gradients, from raw gradients to updates. */
export interface Chain {
  /** Live numbers, keyed `gradients.<place>/<name>`; `current` is the chain as the experiment has it now. */
  scalars(clock: Clock, current: readonly GradientStep[]): Record<string, number>
  /** State of all steps, keyed `gradients.<place>/<slot>/<layer>/<role>`. */
  init(parameters: Tensors): Tensors
  /**
   * `entering` is what reaches the optimizer, `updates` is to be added to the parameters. Results may share tensors with
   * each other and with what came in: a tidy should own them. `threshold` is that of the first clip that has one,
   * `clipped` says whether any clip bit. `seed`, int32 [2], is that of the step.
   */
  update(
    gradients: Tensors,
    state: Tensors,
    parameters: Tensors,
    fed: Record<string, Scalar>,
    seed: Tensor1D
  ): { entering: Tensors; updates: Tensors; state: Tensors } & Clipping
  /** The optimizer as one operation, where it can be; `update` stays the definition. */
  fused?: {
    /** The most that an element of each update can be, from norms [tensors]; see FusedOptimizer. */
    bound: FusedOptimizer['bound']
    /** New parameters and state, from what `update` gave; not to be used where `accepted` is false. */
    write(
      accepted: Scalar,
      chained: ReturnType<Chain['update']>,
      before: { parameters: Tensors; state: Tensors },
      fed: Record<string, Scalar>
    ): { parameters: Tensors; state: Tensors }
  }
  /** Learning rate of the step that begins at `clock`. */
  rate(clock: Clock, current: readonly GradientStep[]): number
}

const builders = { ...transforms, ...optimizers }
/** A step goes only to the row of its own word. */
const builderOf = ({ use }: GradientStep): TransformBuilder<GradientStep> =>
  builders[use] as unknown as TransformBuilder<GradientStep>

/** Builds the chain of an experiment, whose last step is its optimizer, for the parameters of a model. */
export function buildChain(steps: readonly GradientStep[], about: ParameterTable): Chain {
  const links = steps.map((step, index) => ({
    // A dot is not allowed in the name of a layer: scalars of the model and of the chain never meet.
    key: `gradients.${index}`,
    use: step.use,
    isOptimizer: isOptimizer(step),
    transform: builderOf(step)(step, about)
  }))
  /** A chain keeps its words while it runs; only their live numbers change. */
  const currentOf = (current: readonly GradientStep[], index: number): GradientStep => {
    const step = current.at(index)
    if (current.length !== steps.length || step?.use !== links[index].use)
      throw new Error(`the chain was built for ${steps.map(({ use }) => use).join(', ')}`)
    return step
  }
  const last = links.at(-1)
  return {
    ...(last?.transform.fused && { fused: fuse(last.key, last.transform.fused) }),

    scalars: (clock, current) =>
      Object.assign(
        {},
        ...links.map(({ key, transform }, index) =>
          withPrefix(key, transform.scalars(clock, currentOf(current, index)))
        )
      ) as Record<string, number>,

    init: (parameters) =>
      Object.assign(
        {},
        ...links.map(({ key, transform }) => withPrefix(key, transform.init(parameters)))
      ) as Tensors,

    update(gradients, state, parameters, fed, seed) {
      let updates = gradients
      let entering = gradients
      const next: Tensors = {}
      const clippings: Clipping[] = []
      for (const { key, isOptimizer, transform } of links) {
        if (isOptimizer) entering = updates
        const own = [withoutPrefix(key, state), parameters, withoutPrefix(key, fed), seed] as const
        const result = transform.update(updates, ...own)
        updates = result.updates
        Object.assign(next, withPrefix(key, result.state))
        clippings.push(result)
      }
      return { entering, updates, state: next, ...joinClippings(clippings) }
    },

    rate: (clock, current) => rateAt(current.find(isOptimizer)?.rate ?? NaN, clock)
  }
}

/** What all clips of a chain tell together. */
function joinClippings(clippings: readonly Clipping[]): Clipping {
  const threshold = clippings.find((each) => each.threshold)?.threshold
  const bites = clippings.flatMap(({ clipped }) => clipped ?? [])
  return {
    ...(threshold && { threshold }),
    ...(bites.length > 0 && { clipped: tf.max(tf.stack(bites)) as Scalar })
  }
}

/** The fused form of the optimizer whose state and scalars begin with a key. */
function fuse(key: string, optimizer: FusedOptimizer): NonNullable<Chain['fused']> {
  return {
    bound: (entering, weights, fed) => optimizer.bound(entering, weights, withoutPrefix(key, fed)),
    write(accepted, { entering, updates, state }, before, fed) {
      const written = writeFused(optimizer, {
        accepted,
        entering,
        parameters: before.parameters,
        state: withoutPrefix(key, before.state),
        composed: { updates, state: withoutPrefix(key, state) },
        fed: withoutPrefix(key, fed)
      })
      return { parameters: written.parameters, state: { ...state, ...withPrefix(key, written.state) } }
    }
  }
}
