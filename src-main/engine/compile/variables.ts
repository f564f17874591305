import { DataType, shapeOf, type Graph } from './graph'

/** A tensor that stays in the session from run to run. */
export interface Variable {
  name: string
  type: number
  shape: readonly number[]
  /** The resource that holds it. */
  handle: string
  /** Placeholder that a new value is given to, and the node that then writes it. */
  given: string
  write: string
  /** Endpoint that reads it. */
  read: string
}

/** Declares a variable in a graph. */
export function declareVariable(
  graph: Graph,
  name: string,
  type: number,
  shape: readonly number[]
): Variable {
  const about = { dtype: { type }, shape: { shape: shapeOf(shape) } }
  const handle = `${graph.add(`state/${name}`, 'VarHandleOp', [], {
    ...about,
    shared_name: { s: Buffer.from(name) },
    container: { s: Buffer.from('') }
  })}:0`
  const given = graph.placeholder(`given/${name}`, type, shape)
  // A copy: the variable must not live in memory that the giver owns.
  const copy = `${graph.add(`copied/${name}`, 'DeepCopy', [given], { T: { type } })}:0`
  return {
    name,
    type,
    shape,
    handle,
    given,
    write: graph.add(`write/${name}`, 'AssignVariableOp', [handle, copy], { dtype: { type } }),
    read: readVariable(graph, 'read', name, handle, type)
  }
}

/** Reads a variable below the names of a program; the value is what it was before anything in the program wrote it. */
export const readVariable = (
  graph: Graph,
  program: string,
  name: string,
  handle: string,
  type: number,
  after: readonly string[] = []
): string => `${graph.add(`${program}/${name}`, 'ReadVariableOp', [handle, ...after], { dtype: { type } })}:0`

/** One node that, when it is fetched, has written every variable from its placeholder. */
export const writeAll = (graph: Graph, variables: readonly Variable[]): string =>
  `${graph.add(
    'written',
    'Const',
    variables.map(({ write }) => `^${write}`),
    {
      dtype: { type: DataType.int32 },
      value: {
        tensor: {
          dtype: DataType.int32,
          tensorShape: shapeOf([]),
          tensorContent: Buffer.from(Int32Array.of(1).buffer)
        }
      }
    }
  )}:0`
