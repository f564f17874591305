import { startMedian } from './running-median'
import type { SeenStep } from './seen-step'
import type { LayerStructure } from './structure'

/** How far one new loss moves the smoothed one: a memory of about 20 steps. */
const LOSS_SHARE = 0.05
/** How far one new move of the weights moves what is usual. */
const MOVE_SHARE = 0.1
/** Gradients whose median says what is usual. */
const USUAL_STEPS = 50

/** Whether a loss falls is seen over so many steps. */
const FALL_STEPS = 60

/** Out of so many steps in which no layer moved by more than this share of its weights, */
const CALM_STEPS = 10
const CALM = 0.1
/** one gradient that is suddenly so many times the one before is the fault of its batch. */
const SUDDEN = 30

/** A layer with the ratio of its update to its weights. */
export interface MovedLayer {
  layer: number
  ratio: number
}

/** What detectors remember together of the steps so far; refused ones changed nothing and are left out. */
export interface Course {
  /** Loss of the first step. */
  readonly firstLoss: number
  /** Exponential average of the loss, and the lowest that it ever was. */
  readonly loss: number
  readonly bestLoss: number
  /** The average as it was so many steps ago as can be seen whether it falls; NaN at first. */
  readonly earlierLoss: number
  /** Median norm of all gradients over the last steps before this one; NaN at first. */
  readonly usualGradient: number
  /**
   * The layer that moved most in this step, and the one that ever did. Layers whose scale does not matter are left out.
   */
  readonly moved: MovedLayer
  readonly mostMoved: MovedLayer
  /** How far the layer that moved most usually moves: the exponential average of its ratio. */
  readonly usualMove: number
  /** The last step whose gradient was suddenly far above calm ones: the fault of its batch. */
  readonly badBatchStep: number
  /** Takes in the next step. */
  add(step: SeenStep): void
}

/** Starts to remember a run with these layers. */
export function startCourse(layers: readonly LayerStructure[]): Course {
  const gradients = startMedian(USUAL_STEPS)
  /** The smoothed losses of the last steps, each at the place of its step. */
  const losses = new Float64Array(FALL_STEPS).fill(NaN)
  let accepted = 0
  /** Weights that began at zero have no size yet that an update could be compared with. */
  let isJudged: boolean[] | undefined
  let last = NaN
  const state = {
    firstLoss: NaN,
    loss: NaN,
    bestLoss: Infinity,
    earlierLoss: NaN,
    usualGradient: NaN,
    moved: { layer: -1, ratio: 0 },
    mostMoved: { layer: -1, ratio: 0 },
    usualMove: 0,
    badBatchStep: -Infinity
  }
  const judgedIn = (step: SeenStep): boolean[] =>
    Array.from(
      step.layers.weight,
      (weight, layer) => weight > 0 && !layers[layer].isNormalization && !layers[layer].feedsNormalization
    )

  function findMostMoved(step: SeenStep, judged: readonly boolean[]): void {
    const { count, update, weight } = step.layers
    state.moved.layer = -1
    state.moved.ratio = 0
    for (let layer = 0; layer < count; layer++) {
      if (!judged[layer]) continue
      const ratio = update[layer] / weight[layer]
      if (ratio > state.moved.ratio) {
        state.moved.layer = layer
        state.moved.ratio = ratio
      }
    }
  }

  return Object.assign(state, {
    add(step: SeenStep): void {
      isJudged ??= judgedIn(step)
      const { moved, mostMoved } = state
      state.usualGradient = gradients.value
      const isCalm = step.step > CALM_STEPS && mostMoved.ratio < CALM
      if (isCalm && step.before > SUDDEN * last) state.badBatchStep = step.step
      findMostMoved(step, isJudged)
      if (moved.ratio > mostMoved.ratio) Object.assign(mostMoved, moved)
      if (step.isRefused) return
      if (Number.isNaN(state.firstLoss)) state.firstLoss = state.loss = step.loss
      state.loss += LOSS_SHARE * (step.loss - state.loss)
      const place = accepted++ % FALL_STEPS
      state.earlierLoss = losses[place]
      losses[place] = state.loss
      state.bestLoss = Math.min(state.bestLoss, state.loss)
      // One far move is no habit.
      state.usualMove += MOVE_SHARE * (Math.min(moved.ratio, 1) - state.usualMove)
      gradients.add(step.before)
      last = step.before
    }
  })
}
