import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { runPlainly, type NamedTensors, type ProgramFunction } from '../engine/compile/compiler'
import type { Fed } from '../engine/compile/fed'

/** Largest difference between a compiled and an eager result, relative to the norm of what they give. */
const TOLERANCE = 1e-3
/** What layers keep, such as the mean of a batch, may differ by this much: a mean of zero is rounding noise too. */
const SMALLEST_KEPT = 1e-6
/** Parameters are multiplied with these to see what rounding alone does: changes of some last places. */
const SHIFTS = [1 + 1e-6, 1 - 1e-6, 1 + 2e-6]
/** A compiled step may be so many times as far from the eager one as that is from itself with shifted parameters. */
const MOST_SHIFTS = 8

/** A compiled program that gives something else than the eager one. */
export class Differs extends Error {
  constructor(readonly tensor: string) {
    super(`${tensor} differs between the compiled and the eager program`)
  }
}

/** Compares what a compiled and an eager program gave under a name. @throws Differs */
export function compare(name: string, compiled: Tensor, eager: Tensor): void {
  if (!(distance(compiled, eager) <= allowed(name, eager))) throw new Differs(name)
}

/**
 * Compares the state after a compiled and an eager step from the state `before`. A gradient that is zero in truth, as
 * that of a bias before a batch normalization, is rounding noise, and Adam makes whole updates of noise: where tensors
 * differ, they may do so by about as much as the eager step's own do when the parameters are shifted by some last places.
 * Costs nothing where nothing differs. Runs inside a tidy.
 * @throws Differs
 */
export function compareStates(
  compiled: NamedTensors,
  eager: NamedTensors,
  step: { run: ProgramFunction; before: NamedTensors; fed: Record<string, Fed | number> }
): void {
  const differing = Object.keys(eager).filter(
    (name) => !(distance(compiled[name], eager[name]) <= allowed(name, eager[name]))
  )
  if (differing.length === 0) return
  const shifted = SHIFTS.map((shift) => {
    const before = Object.entries(step.before).map(([name, tensor]) => [
      name,
      name.startsWith('parameters/') ? tf.mul(tensor, shift) : tensor
    ])
    return runPlainly(step.run, Object.fromEntries(before) as NamedTensors, step.fed).state ?? {}
  })
  for (const name of differing) {
    const noise = Math.max(...shifted.map((state) => distance(state[name], eager[name])))
    const most = allowed(name, eager[name]) + MOST_SHIFTS * noise
    if (!(distance(compiled[name], eager[name]) <= most)) throw new Differs(name)
  }
}

const allowed = (name: string, eager: Tensor): number =>
  TOLERANCE * normOf(eager) + (name.startsWith('layerState/') ? SMALLEST_KEPT * Math.sqrt(eager.size) : 0)

/** Euclidean distance of two tensors; Infinity where one is not finite and the other is not the same. */
function distance(found: Tensor, wanted: Tensor): number {
  const expected = wanted.dataSync()
  let squares = 0
  found.dataSync().forEach((value, index) => {
    if (Number.isFinite(value) && Number.isFinite(expected[index])) squares += (value - expected[index]) ** 2
    else if (!Object.is(value, expected[index])) squares = Infinity
  })
  return Math.sqrt(squares)
}

/** Euclidean norm of what is finite in a tensor. */
function normOf(tensor: Tensor): number {
  let squares = 0
  for (const value of tensor.dataSync()) if (Number.isFinite(value)) squares += value ** 2
  return Math.sqrt(squares)
}
