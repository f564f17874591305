import type { Tensor } from '@tensorflow/tfjs-core'
import type { Compiled, NamedTensors, ProgramFunction, ProgramResult } from '../engine/compile/compiler'
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
const resultsOf = (
  { outputs, state, accepted }: ProgramResult,
  comparable: Comparable | undefined = (own) => own
): NamedTensors => ({
  ...Object.fromEntries(comparable(outputs).map((output, index) => [`outputs[${index}]`, output])),
  ...(isWritten({ accepted }) && state)
})

/** Makes of a program's outputs what can be compared. */
export type Comparable = (outputs: Tensor[]) => Tensor[]

/** A program with what it was run on. */
export interface Proof {
  run: ProgramFunction
  before: NamedTensors
  fed: Record<string, Fed | number>
  comparable?: Comparable | undefined
}

/**
 * Runs a compiled program once, compares what it gives with what the eager one gave from the same state, and gives its
 * outputs. Runs inside a tidy.
 * @throws Differs; NotCompilable where TensorFlow refuses it
 */
export function proveOnce(programs: Compiled, name: string, proof: Proof, eager: ProgramResult): Tensor[] {
  const outputs = programs.run(name, proof.fed)
  const state = eager.state && programs.read()
  const { comparable } = proof
  compareResults(resultsOf({ outputs, state }, comparable), resultsOf(eager, comparable), proof)
  return outputs
}

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
export function compareResults(compiled: NamedTensors, eager: NamedTensors, program: Proof): void {
  const found = Object.entries(eager).map(([name, tensor]) => {
    const { distance, norm } = compare(compiled[name], tensor)
    const kept = name.startsWith('layerState/') ? SMALLEST_KEPT * Math.sqrt(tensor.size) : 0
    return { name, distance, allowed: TOLERANCE * norm + kept, noise: 0 }
  })
  const differing = (): string | undefined =>
    found.find(({ distance, allowed, noise }) => !(distance <= allowed + MOST_DISTURBANCES * noise))?.name
  for (const how of DISTURBANCES) {
    if (differing() === undefined) return
    const disturbed = resultsOf(
      runDisturbed(program.run, program.before, program.fed, how),
      program.comparable
    )
    for (const each of found) {
      const { name } = each
      const noise = name in disturbed ? compare(disturbed[name], eager[name]).distance : 0
      // Where rounding decides what is finite, nothing is allowed for it.
      if (Number.isFinite(noise)) each.noise = Math.max(each.noise, noise)
    }
  }
  const name = differing()
  if (name !== undefined) throw new Differs(name)
}

/**
 * Euclidean distance of two tensors, Infinity where one is not finite and the other is not the same, and the norm of
 * what is finite in the wanted one. Plain loops: there may be millions of numbers, before the first step.
 */
function compare(found: Tensor, wanted: Tensor): { distance: number; norm: number } {
  const values = found.dataSync()
  const expected = wanted.dataSync()
  let squares = 0
  let normSquares = 0
  for (let index = 0; index < expected.length; index++) {
    const value = values[index]
    const other = expected[index]
    const difference = value - other
    if (Number.isFinite(difference)) {
      squares += difference * difference
      normSquares += other * other
    } else {
      if (Number.isFinite(other)) normSquares += other * other
      if (!Object.is(value, other)) squares = Infinity
    }
  }
  return { distance: Math.sqrt(squares), norm: Math.sqrt(normSquares) }
}
