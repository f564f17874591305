import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core'
import type { Message } from '#contract/messages'
import {
  canCompile,
  compileOver,
  runPlainly,
  type Compiled,
  type ProgramResult
} from '../engine/compile/compiler'
import type { Fed } from '../engine/compile/fed'
import { mapResult } from '../engine/compile/map-record'
import { mapTensors } from '../gradients/tensors'
import { isWritten, proveOnce } from './agreement'
import { batchGradientsOf, type BatchGradients } from './batch-gradients'
import { fedOf } from './feed'
import { comparableIn, inOrder, type ProgramFunctions, type ProgramKind } from './program-functions'
import { readOut } from './read-out'
import { disposeReplaced, stateOf, tensorsOf, type BatchArrays, type TrainState } from './step'
import { whyEager } from './why-eager'

/** A program with a batch of the size and kind that it will get. */
export interface Expected {
  kind: ProgramKind
  batch: BatchArrays
  scalars?: Record<string, number>
  /** Of a measurement: the batch of the step that is trained right after it, with the same scalars. */
  whole?: BatchArrays | undefined
}

/** A step that was traced before its time: what it gave kernel after kernel, from the state that was there. */
interface Coming {
  batch: BatchArrays
  before: TrainState
  result: ProgramResult
}

/**
 * All programs of a run over one state. Each runs as one call of TensorFlow where that can be done and trusted, else
 * kernel after kernel; who calls cannot tell.
 */
export interface Programs {
  /** Trains one step; the packed result says what happened. A refused step changes nothing. */
  train(batch: BatchArrays, scalars: Record<string, number>): Float32Array
  /**
   * The loss of a batch with dropout off, each sample as heavy as its weight, and its outputs as rows, one column for
   * each class where there are classes. `isOneOfMany` says that more of its size and kind come, which share a program;
   * for a single one it would cost more than it saves.
   */
  evaluate(batch: BatchArrays, isOneOfMany: boolean): { loss: number; outputs: Float32Array }
  /** What a training step would see with these masks; changes nothing. */
  gradients(batch: BatchArrays, scalars: Record<string, number>): BatchGradients
  /**
   * What is measured of the layers on samples of a step that comes, with its masks; changes nothing. `whole` is the batch
   * of that step where it is trained right after, with the same scalars.
   */
  measure(batch: BatchArrays, scalars: Record<string, number>, whole?: BatchArrays): Float32Array
  /** Says whether programs of a kind run, or will run, compiled. */
  isCompiled(kind: ProgramKind): boolean
  /** Why programs of a kind do not run compiled on an engine that could. */
  readonly reasons: Readonly<Partial<Record<ProgramKind, Message>>>
  /** The state as it is now; owned by the programs. */
  readonly state: TrainState
  /** Puts another state in place; the programs own it from then on. */
  replace(state: TrainState): void
  dispose(): void
}

/** What programs are opened with. */
export interface ProgramOptions {
  functions: ProgramFunctions
  /** Shape of one sample as it is fed. */
  sampleShape: readonly number[]
  /** The programs own it. */
  state: TrainState
  /**
   * Programs that will be needed. A graph that grows has to be loaded anew: it takes all of these in when the first one
   * comes that it does not hold. The first step waits for none of them.
   */
  expected?: () => Expected[]
  /** False has everything run kernel after kernel. */
  mayCompile?: boolean
}

/** Tracing more operations than this takes seconds: programs that come later wait until they come. */
const MOST_OPERATIONS_AHEAD = 2_000

/** Opens programs over a state. */
export function openPrograms({
  functions,
  sampleShape,
  state: initial,
  expected = () => [],
  mayCompile = canCompile()
}: ProgramOptions): Programs {
  const reasons: Partial<Record<ProgramKind, Message>> = {}
  const comparable = comparableIn(Object.keys(initial.parameters).length)
  let compiled: Compiled | undefined
  /** Compiled programs that gave what they give kernel after kernel. */
  const proven = new Set<string>()
  /** The state as tensors, unless only the session has the newest. */
  let tensors: TrainState | undefined = initial
  let isInSession = false
  /** Kept until the next program is proven. */
  let coming: Coming | undefined
  /** Programs are traced one by one, so that it is known which of them cannot be compiled. */
  let isCareful = false

  const functionOf = (kind: ProgramKind) => {
    const run = functions[kind]
    if (!run) throw new Error(`there is no program to ${kind} with`)
    return run
  }
  const fedFor = ({ batch, scalars }: Omit<Expected, 'kind'>): Record<string, Fed | number> => ({
    ...fedOf(batch, sampleShape),
    ...scalars
  })
  const isCompiled = (kind: ProgramKind): boolean => mayCompile && !reasons[kind]

  function asTensors(): TrainState {
    tensors ??= stateOf(tf.tidy(() => mapTensors((compiled as Compiled).read(), (tensor) => tf.keep(tensor))))
    return tensors
  }
  function forgetTensors(): void {
    if (tensors) tf.dispose(tensorsOf(tensors))
    tensors = undefined
  }
  /** The place of compiled programs, with the newest state in it. */
  function opened(): Compiled {
    if (!compiled) compiled = compileOver(tensorsOf(asTensors()))
    else if (!isInSession) compiled.write(tensorsOf(asTensors()))
    isInSession = true
    return compiled
  }
  /** Leaves the graph; what is not to blame is traced anew. The state is in tensors, as it was. */
  function abandon(): void {
    takeComing()
    compiled?.dispose()
    compiled = undefined
    isInSession = false
    proven.clear()
  }

  /** What the step gave that was traced before its time, where it is this one; whichever comes, it goes. */
  function takeComing(program?: Expected): ProgramResult | undefined {
    const taken = coming
    coming = undefined
    if (!taken) return undefined
    const isThis = program?.kind === 'train' && program.batch === taken.batch && tensors === taken.before
    const result = isThis ? mapResult(taken.result, (tensor) => tf.clone(tensor)) : undefined
    tf.dispose({ ...taken.result } as TensorContainer)
    return result
  }

  /** Traces a program: with the first one the step that follows it, with a later one all that are expected. */
  function trace(programs: Compiled, program: Expected): ProgramResult {
    const { scalars, whole } = program
    const isFirst = proven.size === 0
    const traceOne = (each: Expected) => programs.trace(nameOf(each), fedFor(each), functionOf(each.kind))
    const traced = traceOne(program)
    if (isCareful || traced.operations > MOST_OPERATIONS_AHEAD) return traced
    if (!isFirst) {
      for (const other of expected())
        if (isCompiled(other.kind) && !programs.has(nameOf(other))) tf.tidy(() => void traceOne(other))
    } else if (whole && isCompiled('train')) {
      const result = traceOne({ kind: 'train', batch: whole, ...(scalars && { scalars }) })
      coming = { batch: whole, before: asTensors(), result: mapResult(result, (tensor) => tf.keep(tensor)) }
    }
    return traced
  }

  /** Runs a compiled program for the first time and compares what it gives with what it gives kernel after kernel. */
  function prove(programs: Compiled, program: Expected): Tensor[] {
    return tf.tidy(() => {
      const name = nameOf(program)
      const run = functionOf(program.kind)
      const fed = fedFor(program)
      const before = tensorsOf(asTensors())
      const eager =
        takeComing(program) ?? (programs.has(name) ? runPlainly(run, before, fed) : trace(programs, program))
      const proof = { run, before, fed, comparable: comparable[program.kind] }
      const outputs = proveOnce(programs, name, proof, eager)
      proven.add(name)
      return outputs
    })
  }

  function runCompiled(program: Expected): Tensor[] {
    const name = nameOf(program)
    const programs = opened()
    const outputs = proven.has(name) ? programs.run(name, fedFor(program)) : prove(programs, program)
    if (program.kind === 'train') forgetTensors()
    return outputs
  }

  function runEagerly(program: Expected): Tensor[] {
    const before = asTensors()
    const result = runPlainly(functionOf(program.kind), tensorsOf(before), fedFor(program))
    if (result.state && isWritten(result)) {
      const next = stateOf(mapTensors(result.state, (tensor) => tf.keep(tensor)))
      disposeReplaced(before, next)
      tensors = next
      isInSession = false
    }
    return result.outputs
  }

  /** Runs a program; the outputs belong to the tidy around it. */
  function run(program: Expected, mayBeCompiled = true): Tensor[] {
    while (mayBeCompiled && isCompiled(program.kind)) {
      try {
        return runCompiled(program)
      } catch (error) {
        const reason = whyEager(program.kind, error)
        if (!reason) throw error
        abandon()
        // Another one that shares the graph may be to blame.
        if (isCareful) reasons[program.kind] = reason
        isCareful = true
      }
    }
    return runEagerly(program)
  }

  return {
    train: (batch, scalars) => readOut(() => floatsOf(run({ kind: 'train', batch, scalars })[0])),
    evaluate: (batch, isOneOfMany) =>
      readOut(() => {
        const [loss, outputs] = run({ kind: 'evaluate', batch }, isOneOfMany).map(floatsOf)
        return { loss: loss[0], outputs }
      }),
    gradients: (batch, scalars) =>
      batchGradientsOf(
        inOrder(asTensors().parameters),
        tf.tidy(() => run({ kind: 'gradients', batch, scalars }))
      ),
    measure: (batch, scalars, whole) =>
      readOut(() => floatsOf(run({ kind: 'measure', batch, scalars, whole })[0])),
    isCompiled,
    reasons,
    get state() {
      return asTensors()
    },
    replace(state) {
      if (tensors) disposeReplaced(tensors, state)
      tensors = state
      isInSession = false
    },
    dispose() {
      takeComing()
      forgetTensors()
      compiled?.dispose()
      compiled = undefined
    }
  }
}

const floatsOf = (tensor: Tensor): Float32Array => tensor.dataSync() as Float32Array

/** Batches of one size and kind share a program. */
const nameOf = ({ kind, batch: { count, features, targets, weights } }: Expected): string =>
  `${kind}-${count}-${features.constructor.name}-${targets.constructor.name}${weights ? '-weighted' : ''}`
