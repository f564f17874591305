import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { handlesOf, tensorOf } from '../handles'
import { NATIVE_BACKEND, nativeBackend } from '../native'
import { describe, eagerTensor, typeOf, type Fed } from './fed'
import { createGraph, DataType, writeCast } from './graph'
import { mapRecord } from './map-record'
import { record } from './record'
import { writeResults } from './results'
import { openSession, type Session } from './session'
import { translate, type Endpoints } from './translate'
import { declareVariable, readVariable, writeAll, type Variable } from './variables'

/** Tensors by name. */
export type NamedTensors = Record<string, Tensor>

/** What a program does with state, inputs and scalars; pure, and free of decisions on tensor values. */
export type ProgramFunction = (state: NamedTensors, fed: NamedTensors) => ProgramResult
export interface ProgramResult {
  outputs: Tensor[]
  /** New values of state; what is absent, or the tensor that came in, stays. */
  state?: NamedTensors
  /** A bool of shape []: where it is false, nothing of the state is written. */
  accepted?: Tensor
}

/** Runs a program kernel after kernel, on any state; the results belong to the tidy around it. */
export const runPlainly = (
  run: ProgramFunction,
  state: NamedTensors,
  fed: Record<string, Fed | number>
): ProgramResult => run(state, mapRecord(fed, eagerTensor))

/** Why a program cannot be compiled. */
export class NotCompilable extends Error {
  constructor(
    readonly reason: 'read' | 'captured' | 'refused',
    readonly detail: string
  ) {
    super(`the step cannot be compiled: ${reason} ${detail}`)
  }
}

/** What tracing a program gave: its results as they were computed eagerly, owned by the surrounding tidy. */
export interface Traced extends ProgramResult {
  /** Operations in the graph. */
  operations: number
}

/** Programs over the same state, each run as one call of TensorFlow. */
export interface Compiled {
  /**
   * Adds a program: runs it eagerly once on the state as it is, which stays as it is, and keeps its graph. The shapes
   * of `fed` are the program's for good. A number is a scalar.
   * @throws NotCompilable when the record does not say everything that the function did
   */
  trace(name: string, fed: Record<string, Fed | number>, run: ProgramFunction): Traced
  has(name: string): boolean
  /**
   * Runs a program; the outputs belong to the caller, or to a tidy around it.
   * @throws NotCompilable when TensorFlow refuses its graph, which shows when it runs first; state may be half written
   */
  run(name: string, fed: Record<string, Fed | number>): Tensor[]
  /** The state as tensors that belong to the caller, or to a tidy around it. */
  read(): NamedTensors
  write(state: NamedTensors): void
  dispose(): void
}

/** Whether the engine that runs can compile. */
export const canCompile = (): boolean => tf.getBackend() === NATIVE_BACKEND

interface Program {
  feeds: { name: string; placeholder: string; type: number; shape: readonly number[] }[]
  fetched: string[]
  hasRun: boolean
}

/** Opens a place for programs over a state, whose shapes stay. Needs the native engine. */
export function compileOver(initial: NamedTensors): Compiled {
  const backend = nativeBackend()
  const { binding } = backend
  const graph = createGraph()
  const variables = Object.entries(initial).map(([name, { dtype, shape }]) =>
    declareVariable(graph, name, typeOf(dtype), shape)
  )
  const written = writeAll(graph, variables)
  const programs = new Map<string, Program>()
  /** The state while no session holds it. */
  let held: NamedTensors | undefined = mapRecord(initial, (tensor) => tf.keep(tf.clone(tensor)))
  let session: Session | undefined

  /** The session of everything traced so far, with the state in it. */
  function opened(): Session {
    if (session) return session
    session = openSession(binding, graph)
    const state = held
    held = undefined
    if (state) {
      writeTo(session, state)
      tf.dispose(state)
    }
    return session
  }

  function writeTo(to: Session, state: NamedTensors): void {
    const tensors = variables.map(({ name }) => state[name])
    const ids = handlesOf(backend, tensors)
    const fed = new Map(variables.map(({ given }, index) => [given, ids[index]]))
    for (const { id } of to.run(fed, [written])) binding.deleteTensor(id)
  }

  const read: Compiled['read'] = () => {
    if (held) return mapRecord(held, (tensor) => tf.clone(tensor))
    const results = opened().run(
      new Map(),
      variables.map((variable) => variable.read)
    )
    return Object.fromEntries(
      results.map((result, index) => [variables[index].name, tensorOf(backend, result)])
    )
  }

  return {
    read,
    has: (name) => programs.has(name),

    trace(name, fed, run) {
      const state = read()
      const inputs = mapRecord(fed, eagerTensor)
      const endpoints: Endpoints = new Map()
      const feeds = Object.entries(fed).map(([key, value]) => {
        const { shape, type } = describe(value)
        const placeholder = graph.placeholder(`${name}/fed/${key}`, type, shape)
        const [id] = handlesOf(backend, [inputs[key]])
        endpoints.set(id, type === DataType.uint8 ? widened(name, placeholder) : placeholder)
        return { name: key, placeholder, type, shape }
      })
      const before = new Map<string, { id: number; reader: string }>()
      const place = {
        graph,
        program: name,
        variables: new Map<string, Variable>(),
        written: new Set<string>()
      }
      for (const variable of variables) {
        const { name: key, handle, type } = variable
        const [id] = handlesOf(backend, [state[key]])
        const endpoint = readVariable(graph, name, key, handle, type)
        place.variables.set(endpoint, variable)
        before.set(key, { id, reader: endpoint.split(':')[0] })
        endpoints.set(id, endpoint)
      }

      const { result, recording } = record(backend, () => run(state, inputs))
      if (recording.reads.length > 0) throw new NotCompilable('read', recording.reads[0])
      const idOf = (tensor: Tensor): number => handlesOf(backend, [tensor])[0]
      const changed = variables.flatMap((variable) => {
        const next = result.state?.[variable.name]
        if (!next || idOf(next) === before.get(variable.name)?.id) return []
        return [{ variable, id: idOf(next) }]
      })
      const outputs = result.outputs.map(idOf)
      const accepted = result.accepted && idOf(result.accepted)
      const wanted = [
        ...outputs,
        ...changed.map(({ id }) => id),
        ...(accepted === undefined ? [] : [accepted])
      ]
      const { operations, unknown } = translate(recording, wanted, place, endpoints, binding)
      const captured = unknown.length + recording.foreign
      if (captured > 0) throw new NotCompilable('captured', String(captured))

      const at = (id: number): string => endpoints.get(id) as string
      const fetched = writeResults(graph, name, {
        outputs: result.outputs.map(({ dtype }, index) => ({
          endpoint: at(outputs[index]),
          type: typeOf(dtype)
        })),
        ...(accepted !== undefined && { accepted: at(accepted) }),
        changes: changed.map(({ variable, id }) => ({
          variable,
          value: at(id),
          isWritten: place.written.has(at(id)),
          reader: before.get(variable.name)?.reader as string
        }))
      })
      programs.set(name, { feeds, fetched, hasRun: false })
      reopen()
      return { ...result, operations }
    },

    run(name, fed) {
      const program = programs.get(name)
      if (!program) throw new Error(`no program ${name} was traced`)
      try {
        const outputs = runIn(opened(), program, fed)
        program.hasRun = true
        return outputs
      } catch (error) {
        if (program.hasRun) throw error
        throw new NotCompilable('refused', (error as Error).message)
      }
    },

    write(state) {
      if (session) return writeTo(session, state)
      tf.dispose(held)
      held = mapRecord(state, (tensor) => tf.keep(tf.clone(tensor)))
    },

    dispose() {
      session?.close()
      session = undefined
      tf.dispose(held)
      held = undefined
    }
  }

  function runIn(ready: Session, { feeds, fetched }: Program, fed: Record<string, Fed | number>): Tensor[] {
    const ids = feeds.map(({ name, type, shape }) => {
      const value = fed[name]
      const values = typeof value === 'number' ? Float32Array.of(value) : value.values
      return binding.createTensor([...shape], type, values)
    })
    try {
      const given = new Map(feeds.map(({ placeholder }, index) => [placeholder, ids[index]]))
      return ready.run(given, fetched).map((result) => tensorOf(backend, result))
    } finally {
      for (const id of ids) binding.deleteTensor(id)
    }
  }

  /** Bytes as the whole numbers that they are eagerly. */
  function widened(program: string, bytes: string): string {
    return writeCast(graph, program, bytes, DataType.uint8, DataType.int32)
  }

  /** A graph that grew needs a new session; the state is carried over. */
  function reopen(): void {
    if (!session) return
    held = mapRecord(read(), (tensor) => tf.keep(tensor))
    session.close()
    session = undefined
  }
}
