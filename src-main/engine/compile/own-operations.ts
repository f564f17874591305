import { FUSED_UPDATE, writeFusedUpdate } from './fused-update'
import type { Attribute, Graph } from './graph'
import { MEASURED_NORMS, writeMeasuredNorms } from './measured-norms'
import { NON_FINITE_COUNTS, writeNonFiniteCounts } from './non-finite-counts'
import type { Variable } from './variables'

/** What an operation of our own is written from: its inputs as endpoints, and its attributes. */
export interface OwnOperation {
  graph: Graph
  /** Names of nodes begin with it. */
  program: string
  inputs: string[]
  attributes: Record<string, Attribute>
  /** Variables of the state by the endpoints at which the program reads them. */
  variables: ReadonlyMap<string, Variable>
  /** Takes endpoints of new values that the operation has written into their variables by itself. */
  written: Set<string>
}

/** How operations that `recordAsOne` recorded are written into a graph; each gives its outputs. */
export const ownOperations: Partial<Record<string, (operation: OwnOperation) => string[]>> = {
  [MEASURED_NORMS]: writeMeasuredNorms,
  [NON_FINITE_COUNTS]: writeNonFiniteCounts,
  [FUSED_UPDATE]: writeFusedUpdate
}
