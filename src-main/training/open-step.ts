import type { Message } from '#contract/messages'
import { canCompile, NotCompilable } from '../engine/compile/compiler'
import { Differs } from './agreement'
import { runCompiled } from './compiled-step'
import { copyOf, runEagerly, type Feed, type Step, type StepProgram, type TrainState } from './step'

/** A step that runs compiled where that can be done and trusted, else kernel after kernel. */
export interface OpenedStep extends Step {
  readonly compiled: boolean
  /** Why it does not run compiled on an engine that could. */
  readonly reason: Message | undefined
}

/** Opens the step of a run; it owns the state. `sampleShape` is the shape of one sample as it is fed. */
export function openStep(
  program: StepProgram,
  feed: Feed,
  sampleShape: readonly number[],
  initial: TrainState
): OpenedStep {
  let compiled = canCompile()
  let reason: Message | undefined
  let step = compiled ? runCompiled(program, sampleShape, initial) : runEagerly(program, feed, initial)

  /** Goes on kernel after kernel from the state as it is. */
  function giveUp(why: Message): void {
    const state = copyOf(step.state)
    step.dispose()
    step = runEagerly(program, feed, state)
    compiled = false
    reason = why
  }
  return {
    run(batch, scalars) {
      try {
        return step.run(batch, scalars)
      } catch (error) {
        const why = explain(error)
        if (!why) throw error
        giveUp(why)
        return step.run(batch, scalars)
      }
    },
    get compiled() {
      return compiled
    },
    get reason() {
      return reason
    },
    get state() {
      return step.state
    },
    replace: (state) => step.replace(state),
    dispose: () => step.dispose()
  }
}

function explain(error: unknown): Message | undefined {
  if (error instanceof NotCompilable) {
    const { reason, detail } = error
    return { key: `training.eager.${reason}`, ...(reason === 'refused' && { values: { detail } }) }
  }
  if (error instanceof Differs) return { key: 'training.eager.differs', values: { tensor: error.tensor } }
  return undefined
}
