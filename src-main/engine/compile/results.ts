import { DataType, type Graph } from './graph'
import type { Variable } from './variables'

/** What a program gives and writes, as endpoints of its graph. */
export interface Results {
  outputs: { endpoint: string; type: number }[]
  /** A bool of shape []: where it is false, nothing is written. */
  accepted?: string
  /** New values of variables, with the node that read the old one; `isWritten` where an operation did that by itself. */
  changes: { variable: Variable; value: string; reader: string; isWritten: boolean }[]
}

const float = { T: { type: DataType.float } }

/**
 * Writes the end of a program and gives what is to be fetched, one endpoint for each output; fetching the first one
 * has every change written. With `accepted` the first output must be float32.
 */
export function writeResults(
  graph: Graph,
  program: string,
  { outputs, accepted, changes }: Results
): string[] {
  const [first] = outputs
  const gate = accepted === undefined ? undefined : writeGate(graph, program, first.endpoint, accepted)
  const assignments = changes.map(({ variable: { name, handle, type }, value, reader, isWritten }) => {
    if (isWritten) return `^${value.split(':')[0]}`
    const after = [`^${reader}`, ...(gate ? [`^${gate.open}`] : [])]
    const inputs = [handle, value, ...after]
    return `^${graph.add(`${program}/set/${name}`, 'AssignVariableOp', inputs, { dtype: { type } })}`
  })
  return outputs.map(({ endpoint, type }, index) => {
    if (index === 0 && gate) return writeGuarded(graph, program, gate, assignments)
    return `${graph.add(`${program}/output`, 'Identity', [endpoint, ...assignments], { T: { type } })}:0`
  })
}

/** A fork in the way of an output: what comes after the node `open` happens only where the step is accepted. */
interface Gate {
  open: string
  /** Endpoint of the output where it is not. */
  closed: string
}

function writeGate(graph: Graph, program: string, output: string, accepted: string): Gate {
  const fork = graph.add(`${program}/guard`, 'Switch', [output, accepted], float)
  return { open: graph.add(`${program}/open`, 'Identity', [`${fork}:1`], float), closed: `${fork}:0` }
}

function writeGuarded(
  graph: Graph,
  program: string,
  { open, closed }: Gate,
  assignments: readonly string[]
): string {
  const done = graph.add(`${program}/done`, 'Identity', [`${open}:0`, ...assignments], float)
  return `${graph.add(`${program}/result`, 'Merge', [closed, `${done}:0`], { ...float, N: { i: 2 } })}:0`
}
