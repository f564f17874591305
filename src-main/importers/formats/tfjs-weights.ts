import { Failure } from '#contract/failure'
import { isFields, isName } from '../files'

/** Bytes of one number by its type. */
const WIDTHS = new Map([
  ['float32', 4],
  ['int32', 4],
  ['uint8', 1],
  ['bool', 1],
  ['uint16', 2],
  ['float16', 2]
])

/** An entry of a weights manifest. */
export interface Weight {
  name: string
  shape: number[]
  /** How its numbers are kept. */
  type: string
  /** Kept numbers stand for `number × scale + min`. */
  scale: number
  min: number
  bytes: number
}

/** Checks an entry of a manifest. @throws Failure `import.badPart` that names its place */
export function weightOf(entry: unknown, path: string, part: string): Weight {
  const bad = (): Failure => new Failure('import.badPart', { path, part })
  if (!isFields(entry)) throw bad()
  const { name, shape, dtype } = entry
  if (!isName(name) || !isShape(shape)) throw bad()
  const quantization = isFields(entry.quantization) ? entry.quantization : {}
  const { dtype: type = dtype, scale = 1, min = 0 } = quantization
  if (typeof scale !== 'number' || typeof min !== 'number') throw bad()
  const width = WIDTHS.get(String(type))
  if (width === undefined) throw new Failure('import.notNumbers', { path, tensor: name })
  const bytes = shape.reduce((product, length) => product * length, width)
  return { name, shape, type: String(type), scale, min, bytes }
}

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && (length as number) >= 0)

/** The numbers of a weight out of its bytes, little-endian. @throws Failure `import.notNumbers` for flags */
export function readWeight(
  { name, type, scale, min }: Weight,
  content: Uint8Array,
  path: string
): Float32Array {
  const bytes = content.slice().buffer
  switch (type) {
    case 'float32':
      return new Float32Array(bytes)
    case 'int32':
      return Float32Array.from(new Int32Array(bytes))
    case 'uint8':
      return Float32Array.from(new Uint8Array(bytes), (value) => value * scale + min)
    case 'uint16':
      return Float32Array.from(new Uint16Array(bytes), (value) => value * scale + min)
    case 'float16':
      return Float32Array.from(new Uint16Array(bytes), fromHalf)
    default:
      throw new Failure('import.notNumbers', { path, tensor: name })
  }
}

/** A number out of the 16 bits of IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
