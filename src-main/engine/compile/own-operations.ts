import type { Attribute, Graph } from './graph'
import { MEASURED_NORMS, writeMeasuredNorms } from './measured-norms'

/** What an operation of our own is written from: its inputs as endpoints, and its attributes. */
export interface OwnOperation {
  graph: Graph
  /** Names of nodes begin with it. */
  program: string
  inputs: string[]
  attributes: Record<string, Attribute>
}

/** How operations that `recordAsOne` recorded are written into a graph; each gives its outputs. */
export const ownOperations: Partial<Record<string, (operation: OwnOperation) => string[]>> = {
  [MEASURED_NORMS]: writeMeasuredNorms
}
