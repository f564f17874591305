import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import {
  runPlainly,
  type NamedTensors,
  type ProgramFunction,
  type ProgramResult
} from '../engine/compile/compiler'
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

/** What a program gave under one record: its outputs, `outputs[0]` and so on, and the state, where it may be written. */
export const resultsOf = ({ outputs, state, accepted }: ProgramResult): NamedTensors => ({
  ...Object.fromEntries(outputs.map((output, index) => [`outputs[${index}]`, output])),
  ...(isWritten({ accepted }) && state)
})

/** Says whether a program lets its new state be written. */
export const isWritten = ({ accepted }: Pick<ProgramResult, 'accepted'>): boolean =>
  !accepted || accepted.dataSync()[0] === 1

/**
 * Compares what a compiled and an eager program gave from the state `before`. A gradient that is zero in truth, as
 * that of a bias before a batch normalization, is rounding noise, and Adam makes whole updates of noise: where tensors
 * differ, they may do so by about as much as the eager ones do when the parameters are shifted by some last places.
 * Costs nothing where nothing differs. Runs inside a tidy.
 * @throws Differs
 */
export function compareResults(
  compiled: NamedTensors,
  eager: NamedTensors,
  program: { run: ProgramFunction; before: NamedTensors; fed: Record<string, Fed | number> }
): void {
  const differing = Object.keys(eager).filter(
    (name) => !(distance(compiled[name], eager[name]) <= allowed(name, eager[name]))
  )
  if (differing.length === 0) return
  const shifted = SHIFTS.map((shift) => {
    const before = Object.entries(program.before).map(([name, tensor]) => [
      name,
      name.startsWith('parameters/') ? tf.mul(tensor, shift) : tensor
    ])
    return resultsOf(runPlainly(program.run, Object.fromEntries(before) as NamedTensors, program.fed))
  })
  for (const name of differing) {
    const noise = Math.max(
      ...shifted.map((results) => (name in results ? distance(results[name], eager[name]) : 0))
    )
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
