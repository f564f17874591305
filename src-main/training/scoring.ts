import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import type { Message } from '#contract/messages'
import type { PreparationPlan } from '#contract/preparation'
import { canCompile, compileOver, NotCompilable, type Compiled } from '../engine/compile/compiler'
import type { LossFunction } from '../models/losses'
import type { Model } from '../models/build'
import { compare, Differs } from './agreement'
import { applyModel, decisive, type Weights } from './evaluate'
import { fedOf } from './feed'
import type { TensorPreparation } from './prepare-tensors'
import { stateOf, tensorsOf, type BatchArrays, type Feed, type StepInputs } from './step'

/** What scoring needs of a run. */
export interface Scorer {
  model: Model
  loss: LossFunction
  feed: Feed
  prepare: TensorPreparation
  preparation: PreparationPlan
  /** Names of the classes; absent where targets are numbers. */
  classes?: readonly string[]
}

/** Scores batches with the weights of one moment: compiled where that can be done and trusted, else kernel after kernel. */
export interface Scoring {
  /** Takes the weights that are scored from now on; they must live until others are taken. */
  take(weights: Weights): void
  /**
   * The loss of a batch, each sample as heavy as its weight, and its outputs as rows, one column for each class where
   * there are classes. `isOneOfMany` says that more of its size and kind come, which share a program; for a single one
   * it would cost more than it saves.
   */
  score(batch: BatchArrays, isOneOfMany: boolean): { loss: number; outputs: Float32Array }
  /** Why it does not run compiled on an engine that could. */
  readonly reason: Message | undefined
  dispose(): void
}

/** Opens the scoring of a model, with dropout off. */
export function openScoring({ model, loss, feed, prepare, preparation, classes }: Scorer): Scoring {
  let current: Weights | undefined
  let compiled: Compiled | undefined
  let reason: Message | undefined

  /** Loss and outputs. */
  const program = (
    weights: Weights,
    inputs: Pick<StepInputs, 'features' | 'targets' | 'weights'>
  ): Tensor[] => {
    const own = applyModel(model, weights, prepare.features(inputs.features))
    const value = loss.compute(own, prepare.targets(inputs.targets), inputs.weights)
    return [value, classes ? decisive(own, loss, classes.length) : own]
  }

  /** The results of a compiled batch, which a new program must share with the eager one. */
  function runCompiled(programs: Compiled, batch: BatchArrays): Tensor[] {
    const name = nameOf(batch)
    const fed = fedOf(batch, preparation.sampleShape)
    if (programs.has(name)) return programs.run(name, fed)
    const eager = programs.trace(name, fed, (state, { features, targets, weights }) => ({
      outputs: program(stateOf(state), { features, targets, weights: weights as Tensor1D | undefined })
    })).outputs
    const results = programs.run(name, fed)
    results.forEach((result, index) => compare(['loss', 'outputs'][index], result, eager[index]))
    return results
  }

  function run(weights: Weights, batch: BatchArrays, isOneOfMany: boolean): Tensor[] {
    if (isOneOfMany && canCompile() && !reason) {
      try {
        compiled ??= compileOver(named(weights))
        return runCompiled(compiled, batch)
      } catch (error) {
        reason = explain(error)
        if (!reason) throw error
        compiled?.dispose()
        compiled = undefined
      }
    }
    return program(weights, feed(batch))
  }

  return {
    take(weights) {
      current = weights
      compiled?.write(named(weights))
    },
    score(batch, isOneOfMany) {
      const weights = current
      if (!weights) throw new Error('there are no weights to score')
      const [value, outputs] = tf.tidy(() =>
        run(weights, batch, isOneOfMany).map((tensor) => tensor.dataSync())
      )
      return { loss: value[0], outputs: outputs as Float32Array }
    },
    get reason() {
      return reason
    },
    dispose: () => compiled?.dispose()
  }
}

/** What a forward pass reads. Slots of transforms and the optimizer are none of it. */
const named = ({ parameters, layerState }: Weights): Record<string, Tensor> =>
  tensorsOf({ parameters, layerState, chainState: {} })

const nameOf = ({ count, features, targets }: BatchArrays): string =>
  `score-${count}-${features.constructor.name}-${targets.constructor.name}`

function explain(error: unknown): Message | undefined {
  if (error instanceof NotCompilable) {
    const { reason, detail } = error
    return { key: `training.scoredEagerly.${reason}`, ...(reason === 'refused' && { values: { detail } }) }
  }
  if (error instanceof Differs) return { key: 'training.scoredEagerly.differs' }
  return undefined
}
