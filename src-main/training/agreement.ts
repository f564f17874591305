import type { Tensor } from '@tensorflow/tfjs-core'
import type { NamedTensors, ProgramFunction, ProgramResult } from '../engine/compile/compiler'
import { runDisturbed, type Disturbance } from '../engine/compile/disturb'
import type { Fed } from '../engine/compile/fed'

/** Largest difference between a compiled and an eager result, relative to the norm of what they give. */
const TOLERANCE = 1e-3
/** What layers keep, such as the mean of a batch, may differ by this much: a mean of zero is rounding noise too. */
const SMALLEST_KEPT = 1e-6
/** How the eager program is disturbed to see what rounding alone does. */
const DISTURBANCES: readonly Disturbance[] = ['fewerPlaces', { salt: 1 }, { salt: 2 }]
/** A compiled step may be so many times as far from the eager one as that is from itself when it is disturbed. */
const MOST_DISTURBANCES = 8

/** A compiled program that gives something else than the eager one. */
export class Differs extends Error {
  constructor(readonly tensor: string) {
    super(`${tensor} differs between the compiled and the eager program`)
  }
}

/**
 * What a program gave under one record: its outputs, `outputs[0]` and so on, and the state, where it may be written.
 * `comparable` says how outputs are compared, where that is not number by number. Runs inside a tidy.
 */
export const resultsOf = (
  { outputs, state, accepted }: ProgramResult,
  comparable: Comparable = (own) => own
): NamedTensors => ({
  ...Object.fromEntries(comparable(outputs).map((output, index) => [`outputs[${index}]`, output])),
  ...(isWritten({ accepted }) && state)
})

/** Makes of a program's outputs what can be compared. */
export type Comparable = (outputs: Tensor[]) => Tensor[]

/** Says whether a program lets its new state be written. */
export const isWritten = ({ accepted }: Pick<ProgramResult, 'accepted'>): boolean =>
  !accepted || accepted.dataSync()[0] === 1

/**
 * Compares what a compiled and an eager program gave from the state `before`. A gradient that is zero in truth, as
 * that of a bias before a batch normalization, is rounding noise, and Adam makes whole updates of noise: where tensors
 * differ, they may do so by about as much as the eager ones do when every operation rounds otherwise by some last places.
 * Costs nothing where nothing differs. Runs inside a tidy.
 * @throws Differs
 */
export function compareResults(
  compiled: NamedTensors,
  eager: NamedTensors,
  program: {
    run: ProgramFunction
    before: NamedTensors
    fed: Record<string, Fed | number>
    comparable?: Comparable
  }
): void {
  const most = new Map(Object.entries(eager).map(([name, tensor]) => [name, allowed(name, tensor)]))
  const differing = (): string | undefined =>
    Object.keys(eager).find((name) => !(distance(compiled[name], eager[name]) <= (most.get(name) as number)))
  for (const how of DISTURBANCES) {
    if (differing() === undefined) return
    const disturbed = resultsOf(
      runDisturbed(program.run, program.before, program.fed, how),
      program.comparable
    )
    for (const [name, tensor] of Object.entries(eager)) {
      const noise = name in disturbed ? distance(disturbed[name], tensor) : 0
      // Where rounding decides what is finite, nothing is allowed for it.
      if (Number.isFinite(noise))
        most.set(name, Math.max(most.get(name) as number, allowed(name, tensor) + MOST_DISTURBANCES * noise))
    }
  }
  const name = differing()
  if (name !== undefined) throw new Differs(name)
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
