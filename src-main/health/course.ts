import type { SeenStep } from './seen-step'
import type { LayerStructure } from './structure'

/** How far one new loss moves the smoothed one: a memory of about 20 steps. */
const LOSS_SHARE = 0.05
/** Gradients whose median says what is usual. */
const USUAL_STEPS = 50

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
  /** Median norm of all gradients over the last steps before this one; NaN at first. */
  readonly usualGradient: number
  /** Norm of all gradients one step before, and how far a layer had moved until then. */
  readonly lastGradient: number
  readonly movedBefore: number
  /** The layer that moved most in this step, and the one that ever did. Layers whose scale does not matter are left out. */
  readonly moved: MovedLayer
  readonly mostMoved: MovedLayer
  /** Takes in the next step. */
  add(step: SeenStep): void
}

/** Starts to remember a run with these layers. */
export function startCourse(layers: readonly LayerStructure[]): Course {
  const gradients: number[] = []
  let began: boolean[] | undefined
  const state = {
    firstLoss: NaN,
    loss: NaN,
    bestLoss: Infinity,
    usualGradient: NaN,
    lastGradient: NaN,
    movedBefore: 0,
    moved: { layer: -1, ratio: 0 },
    mostMoved: { layer: -1, ratio: 0 }
  }

  /** Weights that began at zero have no size yet that an update could be compared with. */
  const isJudged = (layer: number): boolean =>
    !layers[layer].isNormalization && !layers[layer].feedsNormalization && began?.[layer] === true

  function mostMovedIn(step: SeenStep): MovedLayer {
    let most: MovedLayer = { layer: -1, ratio: 0 }
    step.layers.forEach(({ update, weight }, layer) => {
      const ratio = update / weight
      if (isJudged(layer) && ratio > most.ratio) most = { layer, ratio }
    })
    return most
  }

  return Object.assign(state, {
    add(step: SeenStep): void {
      began ??= step.layers.map(({ weight }) => weight > 0)
      state.usualGradient = medianOf(gradients)
      state.lastGradient = gradients.at(-1) ?? NaN
      state.movedBefore = state.mostMoved.ratio
      state.moved = mostMovedIn(step)
      if (state.moved.ratio > state.mostMoved.ratio) state.mostMoved = state.moved
      if (step.isRefused) return
      if (Number.isNaN(state.firstLoss)) state.firstLoss = state.loss = step.loss
      state.loss += LOSS_SHARE * (step.loss - state.loss)
      state.bestLoss = Math.min(state.bestLoss, state.loss)
      gradients.push(step.before)
      if (gradients.length > USUAL_STEPS) gradients.shift()
    }
  })
}

function medianOf(values: readonly number[]): number {
  if (values.length === 0) return NaN
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.floor(sorted.length / 2)]
}
