import type { TensorMetadata, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'
import { nativeBackend } from '../native'
import { borrowBinding } from './binding'
import { runPlainly, type NamedTensors, type ProgramFunction, type ProgramResult } from './compiler'
import type { Fed } from './fed'
import { DataType } from './graph'

/** How results are moved: rounded to fewer places, or by random numbers that a salt tells apart. */
export type Disturbance = 'fewerPlaces' | { salt: number }

/** Results are moved by at most this share of themselves: some last places. */
const LARGEST_SHARE = 1e-6
/** The last bits that rounding to fewer places takes: 2⁴ last places, a share of 1e-6 at most. */
const TAKEN_BITS = 4

/** What these give is exact, or as exact as what they were given: nothing in it was rounded. */
const exact = new Set(
  `Abs BatchToSpaceND BroadcastTo Cast Ceil ConcatV2 DenseBincount ExpandDims Fill Floor GatherV2 Identity Max MaxPool
  MaxPoolGrad Maximum Min Minimum MirrorPad Neg OneHot OnesLike Pack PadV2 Range Relu ReluGrad Relu6 Relu6Grad Reshape
  ReverseV2 Rint Round Select SelectV2 Sign Slice SpaceToBatchND Split SplitV Squeeze StatelessRandomUniform
  StridedSlice Tile Transpose Unpack ZerosLike`.split(/\s+/)
)

/**
 * Runs a program kernel after kernel as if every operation rounded otherwise than it does: each float32 number that one
 * gives is moved by some last places (Monte Carlo arithmetic: Parker, 1997). What then differs from the undisturbed run is
 * what rounding alone may do to the results. Zeros, NaN and Inf stay. The results belong to the tidy around it.
 */
export function runDisturbed(
  run: ProgramFunction,
  state: NamedTensors,
  fed: Record<string, Fed | number>,
  how: Disturbance
): ProgramResult {
  const backend = nativeBackend()
  const plain = backend.binding
  const binding = borrowBinding(plain)
  let count = 0
  binding.executeOp = (op, attributes, inputs, outputCount) => {
    const outputs = plain.executeOp(op, attributes, inputs, outputCount)
    if (exact.has(op)) return outputs
    return outputs.map((output) => {
      if (output.dtype !== DataType.float || output.shape.includes(0)) return output
      const moved =
        how === 'fewerPlaces' ? roundFurther(plain, output) : moveBy(plain, output, how.salt, count++)
      plain.deleteTensor(output.id)
      return moved
    })
  }
  backend.binding = binding
  try {
    return runPlainly(run, state, fed)
  } finally {
    backend.binding = plain
  }
}

/** The nearest number that has fewer bits; what lies close to a round number becomes one. */
function roundFurther(binding: TFJSBinding, { id }: TensorMetadata): TensorMetadata {
  return within(binding, (execute, constant) => {
    const [float, int32] = [DataType.float, DataType.int32]
    const types = (from: number, to: number): Attributes => [
      type(binding, 'T', from),
      type(binding, 'type', to)
    ]
    const whole = [type(binding, 'T', int32)]
    const bits = execute('Bitcast', types(float, int32), [id])
    const half = execute('AddV2', whole, [bits, constant(Int32Array.of(1 << (TAKEN_BITS - 1)), [])])
    const rounded = execute('BitwiseAnd', whole, [half, constant(Int32Array.of(-(1 << TAKEN_BITS)), [])])
    return binding.executeOp('Bitcast', types(int32, float), [rounded], 1)[0]
  })
}

/** Each number times one that lies within ± `LARGEST_SHARE` around 1. */
function moveBy(
  binding: TFJSBinding,
  { id, shape }: TensorMetadata,
  salt: number,
  count: number
): TensorMetadata {
  return within(binding, (execute, constant) => {
    const { float, int32 } = DataType
    const uniform = execute(
      'StatelessRandomUniform',
      [type(binding, 'T', int32), type(binding, 'Tseed', int32), type(binding, 'dtype', float)],
      [constant(Int32Array.from(shape), [shape.length]), constant(Int32Array.of(salt, count), [2])]
    )
    const numbers = [type(binding, 'T', float)]
    const scale = constant(Float32Array.of(2 * LARGEST_SHARE), [])
    const spread = execute('Mul', numbers, [uniform, scale])
    const factors = execute('AddV2', numbers, [spread, constant(Float32Array.of(1 - LARGEST_SHARE), [])])
    return binding.executeOp('Mul', numbers, [id, factors], 1)[0]
  })
}

type Attributes = Parameters<TFJSBinding['executeOp']>[1]

const type = (binding: TFJSBinding, name: string, value: number): Attributes[number] => ({
  name,
  type: binding.TF_ATTR_TYPE,
  value
})

/** Computes by handle; all that is made on the way is freed. */
function within(
  binding: TFJSBinding,
  compute: (
    execute: (op: string, attributes: Attributes, inputs: number[]) => number,
    constant: (values: Float32Array | Int32Array, shape: number[]) => number
  ) => TensorMetadata
): TensorMetadata {
  const made: number[] = []
  const noted = (id: number): number => {
    made.push(id)
    return id
  }
  try {
    return compute(
      (op, attributes, inputs) => noted(binding.executeOp(op, attributes, inputs, 1)[0].id),
      (values, shape) =>
        noted(
          binding.createTensor(shape, values instanceof Int32Array ? DataType.int32 : DataType.float, values)
        )
    )
  } finally {
    for (const id of made) binding.deleteTensor(id)
  }
}
