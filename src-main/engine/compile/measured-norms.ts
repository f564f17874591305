import { DataType, writeCast, type Graph } from './graph'
import type { OwnOperation } from './own-operations'

/** The operation of our own that gives the norms of tensors; see `kernels/measured-norms`. */
export const MEASURED_NORMS = 'MeasuredNorms'

/** A norm is told as scale · rest; the scale is the norm itself, held within what a 32-bit number can hold. */
export const SMALLEST_SCALE = 1e-37
export const LARGEST_SCALE = 1e38
/** A plain sum of squares between these is right in 32 bits: neither have small squares been lost nor has it overflowed. */
const SMALLEST_PLAIN = 1e-24
const LARGEST_PLAIN = 1e30

/** Of tensors of fewer elements everything is computed exactly: that takes less time than to look first whether it must be. */
export const FEWEST_TO_LOOK_FIRST = 16_384

const float = { type: DataType.float }
const double = { type: DataType.double }

/**
 * Half the sum of squares of a tensor of so many elements in double precision, as an endpoint. Of a large one it is a
 * pass in 32 bits, and only where that reads too small, too large or NaN another one in 64 bits.
 */
function writeHalfSquares(graph: Graph, program: string, tensor: string, size: number): string {
  const add = (op: string, input: string[], attr = {}): string =>
    graph.add(`${program}/norm/${op}`, op, input, attr)
  const limit = (value: number): string => graph.constant(DataType.float, [], Float32Array.of(value))
  const widen = (input: string): string =>
    writeCast(graph, `${program}/norm`, input, DataType.float, DataType.double)
  const exactOf = (input: string): string => `${add('L2Loss', [widen(input)], { T: double })}:0`
  if (size < FEWEST_TO_LOOK_FIRST) return exactOf(tensor)

  const plain = `${add('L2Loss', [tensor], { T: float })}:0`
  const isRight = `${add('LogicalAnd', [
    `${add('Greater', [plain, limit(SMALLEST_PLAIN)], { T: float })}:0`,
    `${add('Less', [plain, limit(LARGEST_PLAIN)], { T: float })}:0`
  ])}:0`
  const right = `${add('Switch', [plain, isRight], { T: float })}:1`
  const wrong = `${add('Switch', [tensor, isRight], { T: float })}:0`
  return `${add('Merge', [exactOf(wrong), widen(right)], { T: double, N: { i: 2 } })}:0`
}

/** Writes the norms of all inputs: one float32 vector with scale and rest of each. */
export function writeMeasuredNorms({ graph, program, inputs, attributes }: OwnOperation): string[] {
  const sizes = (attributes.sizes as { list: { i: number[] } }).list.i
  const add = (op: string, input: string[], attr = {}): string =>
    `${graph.add(`${program}/norms/${op}`, op, input, attr)}:0`
  const limit = (value: number): string => {
    const constant = graph.constant(DataType.float, [], Float32Array.of(value))
    return writeCast(graph, `${program}/norms`, constant, DataType.float, DataType.double)
  }
  const halves = inputs.map((tensor, index) => writeHalfSquares(graph, program, tensor, sizes[index]))
  const half = add('Pack', halves, { T: double, N: { i: halves.length }, axis: { i: 0 } })
  const norm = add('Sqrt', [add('AddV2', [half, half], { T: double })], { T: double })
  const atLeast = add('Maximum', [norm, limit(SMALLEST_SCALE)], { T: double })
  const scale = add('Minimum', [atLeast, limit(LARGEST_SCALE)], { T: double })
  const rest = add('Div', [norm, scale], { T: double })
  const pairs = add('Pack', [scale, rest], { T: double, N: { i: 2 }, axis: { i: 1 } })
  const flat = add('Reshape', [pairs, graph.constant(DataType.int32, [1], Int32Array.of(-1))], {
    T: double,
    Tshape: { type: DataType.int32 }
  })
  return [writeCast(graph, `${program}/norms`, flat, DataType.double, DataType.float)]
}
