import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'
import { compileOver, type Compiled, type ProgramFunction } from '../engine/compile/compiler'
import type { Fed } from '../engine/compile/fed'
import { mapTensors } from '../gradients/tensors'
import { compare, compareStates } from './agreement'
import { fedOf } from './feed'
import { isAccepted } from './measurements'
import { stateOf, tensorsOf, type BatchArrays, type Step, type StepProgram, type TrainState } from './step'

/**
 * Runs a program as one call of TensorFlow for each step, traced for each size of batch when it first comes. Before a
 * trace is used its first step is compared with the eager one, from the same state, which is then put back.
 * `run` throws NotCompilable or Differs before it has changed anything; `state` is then still good.
 */
export function runCompiled(program: StepProgram, sampleShape: readonly number[], initial: TrainState): Step {
  const compiled = compileOver(tensorsOf(initial))
  tf.dispose(tensorsOf(initial))
  /** The state as tensors, while somebody has asked for it since the last step. */
  let shown: TrainState | undefined
  const forget = (): void => {
    if (shown) tf.dispose(tensorsOf(shown))
    shown = undefined
  }

  const once: ProgramFunction = (state, { features, targets, seed, weights, ...fed }) => {
    const inputs = {
      features,
      targets,
      seed: seed as Tensor1D,
      ...(weights && { weights: weights as Tensor1D })
    }
    const result = program(stateOf(state), inputs, fed as Record<string, Scalar>)
    return { outputs: [result.packed], state: tensorsOf(result.state), accepted: result.accepted }
  }

  return {
    run(batch, scalars) {
      const name = nameOf(batch)
      const fed = { ...fedOf(batch, sampleShape), ...scalars }
      if (!compiled.has(name)) prove(compiled, name, fed, once)
      const packed = tf.tidy(() => compiled.run(name, fed)[0].dataSync() as Float32Array)
      forget()
      return packed
    },
    get state() {
      shown ??= stateOf(tf.tidy(() => mapTensors(compiled.read(), (tensor) => tf.keep(tensor))))
      return shown
    },
    replace(state) {
      forget()
      compiled.write(tensorsOf(state))
      tf.dispose(tensorsOf(state))
    },
    dispose() {
      forget()
      compiled.dispose()
    }
  }
}

/** Traces a program and compares its first run with the eager one; the state stays as it was. */
function prove(
  compiled: Compiled,
  name: string,
  fed: Record<string, Fed | number>,
  run: ProgramFunction
): void {
  tf.tidy(() => {
    const before = compiled.read()
    try {
      const eager = compiled.trace(name, fed, run)
      const [packed] = compiled.run(name, fed)
      compare('packed', packed, eager.outputs[0])
      if (!isAccepted(packed.dataSync() as Float32Array)) return
      compareStates(compiled.read(), eager.state ?? {}, { run, before, fed })
    } finally {
      compiled.write(before)
    }
  })
}

/** Batches of one size and kind share a program. */
const nameOf = ({ count, features, targets, weights }: BatchArrays): string =>
  `train-${count}-${features.constructor.name}-${targets.constructor.name}${weights ? '-weighted' : ''}`
