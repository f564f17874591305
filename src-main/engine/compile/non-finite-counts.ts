import { DataType, writeCast } from './graph'
import { FEWEST_TO_LOOK_FIRST } from './measured-norms'
import type { OwnOperation } from './own-operations'

/** The operation of our own that counts what is not finite; see `kernels/non-finite-counts`. */
export const NON_FINITE_COUNTS = 'NonFiniteCounts'

const float = { T: { type: DataType.float } }

/**
 * Writes how many elements of a tensor are NaN, and how many Inf: float32[2]. Those of a large one are counted where the
 * sum of squares is not finite, which takes one pass to see.
 */
export function writeNonFiniteCounts({ graph, program, inputs, attributes }: OwnOperation): string[] {
  const [tensor] = inputs
  const add = (op: string, input: string[], attr = {}): string =>
    graph.add(`${program}/odd/${op}`, op, input, { ...float, ...attr })
  const int32 = { type: DataType.int32 }
  const countsOf = (x: string): string => {
    const flat = add('Reshape', [x, graph.constant(DataType.int32, [1], Int32Array.of(-1))], {
      Tshape: int32
    })
    const axis = graph.constant(DataType.int32, [1], Int32Array.of(0))
    const counts = ['IsNan', 'IsInf'].map((op) => {
      const those = `${add(op, [`${flat}:0`])}:0`
      const ones = writeCast(graph, `${program}/odd`, those, DataType.bool, DataType.float)
      return `${add('Sum', [ones, axis], { Tidx: int32, keep_dims: { b: false } })}:0`
    })
    return `${add('Pack', counts, { N: { i: 2 }, axis: { i: 0 } })}:0`
  }
  if ((attributes.size as { i: number }).i < FEWEST_TO_LOOK_FIRST) return [countsOf(tensor)]

  const isFinite = `${add('IsFinite', [`${add('L2Loss', [tensor])}:0`])}:0`
  const none = graph.constant(DataType.float, [2], new Float32Array(2))
  const fine = `${add('Switch', [none, isFinite])}:1`
  const suspect = `${add('Switch', [tensor, isFinite])}:0`
  return [`${add('Merge', [countsOf(suspect), fine], { N: { i: 2 } })}:0`]
}
