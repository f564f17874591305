import { DataType, writeCast } from './graph'
import type { OwnOperation } from './own-operations'

/** The operation of our own that counts what is not finite; see `kernels/non-finite-counts`. */
export const NON_FINITE_COUNTS = 'NonFiniteCounts'

const float = { T: { type: DataType.float } }

/**
 * Writes how many elements of a tensor are NaN, and how many Inf: float32[2]. They are counted where the sum of squares
 * is not finite, which takes one pass to see, and takes none besides where all is well.
 */
export function writeNonFiniteCounts({ graph, program, inputs: [tensor] }: OwnOperation): string[] {
  const add = (op: string, input: string[], attr = {}): string =>
    graph.add(`${program}/odd/${op}`, op, input, attr)
  const isFinite = `${add('IsFinite', [`${add('L2Loss', [tensor], float)}:0`], float)}:0`
  const none = graph.constant(DataType.float, [2], new Float32Array(2))
  const fine = `${add('Switch', [none, isFinite], float)}:1`
  const suspect = `${add('Switch', [tensor, isFinite], float)}:0`
  const flat = add('Reshape', [suspect, graph.constant(DataType.int32, [1], Int32Array.of(-1))], {
    ...float,
    Tshape: { type: DataType.int32 }
  })
  const axis = graph.constant(DataType.int32, [1], Int32Array.of(0))
  const count = (op: 'IsNan' | 'IsInf'): string => {
    const those = `${add(op, [`${flat}:0`], float)}:0`
    const ones = writeCast(graph, `${program}/odd`, those, DataType.bool, DataType.float)
    return `${add('Sum', [ones, axis], { ...float, Tidx: { type: DataType.int32 }, keep_dims: { b: false } })}:0`
  }
  const counts = add('Pack', [count('IsNan'), count('IsInf')], { ...float, N: { i: 2 }, axis: { i: 0 } })
  return [`${add('Merge', [`${counts}:0`, fine], { ...float, N: { i: 2 } })}:0`]
}
