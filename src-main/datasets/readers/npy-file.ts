import { Failure } from '#contract/failure'
import { BUDGET_BYTES, readBytes, withFile } from '../files'
import { MAX_DIMENSIONS, showShape, type StoredArray, type StoredValues } from './stored-array'

// The format as numpy.lib.format documents it (versions 1 to 3).
const MAGIC = Buffer.from('\x93NUMPY', 'latin1')
/** NumPy itself reads no longer header (`max_header_size`). */
const MAX_HEADER_BYTES = 10_000
const HEAD_BYTES = MAX_HEADER_BYTES + 12

/** What the first bytes of an NPY file claim. */
interface Header {
  /** Kind and bytes of a value, such as `f4`. */
  type: string
  isBigEndian: boolean
  isFortran: boolean
  shape: number[]
  /** Values, and bytes of each. */
  count: number
  itemBytes: number
  /** Bytes before the first value. */
  start: number
}

/** Reads an NPY file. @throws Failure `data.*` that names the file and what is wrong; `storage.*` when it cannot be read. */
export const readNpy = (path: string): Promise<StoredArray> =>
  withFile(path, async (file, size) => {
    // What it claims is checked before memory is asked for.
    const header = readHeader(path, Buffer.from(await readBytes(file, 0, Math.min(size, HEAD_BYTES))), size)
    return decode(path, header, await readBytes(file, header.start, size - header.start))
  })

/** Reads the bytes of an NPY file. @throws Failure `data.*` */
export function decodeNpy(path: string, bytes: Uint8Array<ArrayBuffer>): StoredArray {
  const header = readHeader(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), bytes.length)
  // Values must begin at a multiple of their size in memory.
  return decode(path, header, bytes.slice(header.start))
}

function readHeader(path: string, bytes: Buffer, size: number): Header {
  const version = bytes[MAGIC.length]
  if (bytes.length < 12 || MAGIC.compare(bytes, 0, MAGIC.length) !== 0 || version < 1 || version > 3)
    throw new Failure('data.npy.notNpy', { path, found: bytes.toString('hex', 0, Math.min(8, bytes.length)) })
  const length = version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8)
  const textStart = version === 1 ? 10 : 12
  const start = textStart + length
  if (length > MAX_HEADER_BYTES || start > bytes.length)
    throw new Failure('data.npy.badHeader', { path, header: `${length} B` })
  const text = bytes.toString('latin1', textStart, start)
  const descr = /'descr':\s*'([<>|=]?)([A-Za-z])(\d{1,6})'/.exec(text)
  const order = /'fortran_order':\s*(True|False)/.exec(text)
  const dimensions = /'shape':\s*\(([\d\s,L]*)\)/.exec(text)
  if (/'descr':\s*'[<>|=]?O/.test(text)) throw new Failure('data.npy.objects', { path })
  if (!descr || !order || !dimensions) throw new Failure('data.npy.badHeader', { path, header: text.trim() })

  const [, endianness, kind, bytesText] = descr
  const type = `${kind}${bytesText}`
  const itemBytes = Number(bytesText) * (kind === 'U' ? 4 : 1)
  if (!(type in decoders) && kind !== 'U' && kind !== 'S') throw new Failure('data.npy.type', { path, type })
  const shape = dimensions[1].split(',').map((each) => each.replace('L', '').trim())
  const sizes = shape.filter((each) => each !== '').map(Number)
  if (sizes.length === 0) throw new Failure('data.npy.single', { path })
  if (sizes.length > MAX_DIMENSIONS)
    throw new Failure('data.tooManyDimensions', { path, found: sizes.length, limit: MAX_DIMENSIONS })
  // The product may be far beyond what a number holds exactly.
  const total = sizes.reduce((product, each) => product * BigInt(each), BigInt(itemBytes))
  if (total > BigInt(BUDGET_BYTES))
    throw new Failure('data.tooLarge', { path, shape: showShape(sizes), limit: BUDGET_BYTES / 2 ** 30 })
  const expected = start + Number(total)
  if (size < expected)
    throw new Failure('data.tooShort', { path, missing: expected - size, expected, found: size })
  if (size > expected)
    throw new Failure('data.tooLong', { path, surplus: size - expected, expected, found: size })
  return {
    type,
    isBigEndian: endianness === '>',
    isFortran: order[1] === 'True',
    shape: sizes,
    count: sizes.reduce((product, each) => product * each, 1),
    itemBytes,
    start
  }
}

function decode(path: string, header: Header, body: Uint8Array<ArrayBuffer>): StoredArray {
  const { type, isBigEndian, isFortran, shape, itemBytes, count } = header
  if (type.startsWith('U') || type.startsWith('S')) return { path, shape, ...readTexts(header, body) }
  const bytes = Buffer.from(body.buffer)
  if (isBigEndian && itemBytes === 2) bytes.swap16()
  if (isBigEndian && itemBytes === 4) bytes.swap32()
  if (isBigEndian && itemBytes === 8) bytes.swap64()
  const values = decoders[type](body.buffer)
  return {
    path,
    shape,
    values: isFortran && count > 0 ? toRowMajor(values, shape) : values,
    ...(/^[iu]8$/.test(type) && { whole: true as const })
  }
}

/** How the bytes of each type become numbers, in this machine's byte order (all supported ones are little-endian). */
const decoders: Record<string, (bytes: ArrayBuffer) => StoredValues> = {
  b1: (bytes) => new Uint8Array(bytes),
  u1: (bytes) => new Uint8Array(bytes),
  i1: (bytes) => new Int8Array(bytes),
  u2: (bytes) => new Uint16Array(bytes),
  i2: (bytes) => new Int16Array(bytes),
  u4: (bytes) => new Uint32Array(bytes),
  i4: (bytes) => new Int32Array(bytes),
  u8: (bytes) => fromHalves(bytes, new Uint32Array(bytes)),
  i8: (bytes) => fromHalves(bytes, new Int32Array(bytes)),
  f2: (bytes) => Float32Array.from(new Uint16Array(bytes), fromHalfPrecision),
  f4: (bytes) => new Float32Array(bytes),
  f8: (bytes) => new Float64Array(bytes)
}

/** Whole numbers of 64 bits as floats, in the same memory; exact up to 2^53. `high` is signed where they are. */
function fromHalves(bytes: ArrayBuffer, high: Uint32Array | Int32Array): Float64Array<ArrayBuffer> {
  const low = new Uint32Array(bytes)
  const values = new Float64Array(bytes)
  for (let i = 0; i < values.length; i++) values[i] = high[2 * i + 1] * 2 ** 32 + low[2 * i]
  return values
}

/** A number of IEEE 754's binary16: 1 bit for the sign, 5 for the exponent, 10 for the fraction. */
function fromHalfPrecision(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Values in row-major order that were stored with the first dimension running quickest. */
function toRowMajor(values: StoredValues, shape: readonly number[]): StoredValues {
  const ordered = values.slice()
  const index = shape.map(() => 0)
  // The distance in memory to the next value along each dimension.
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, each) => product * each, 1))
  let from = 0
  for (let place = 0; place < values.length; place++) {
    ordered[place] = values[from]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]
      if (++index[axis] < shape[axis]) break
      from -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return ordered
}

/** Texts as numbers in the order of the texts, filled up with zeros where they are short. */
function readTexts({ type, isBigEndian, itemBytes, count }: Header, body: Uint8Array<ArrayBuffer>) {
  const bytes = Buffer.from(body.buffer)
  const isWide = type.startsWith('U')
  if (isWide && isBigEndian) bytes.swap32()
  const all = Array.from({ length: count }, (_, place) => {
    const from = place * itemBytes
    if (!isWide) return bytes.toString('utf8', from, from + itemBytes).replace(/\0+$/, '')
    const points = new Uint32Array(body.buffer, from, itemBytes / 4)
    return Array.from(points.subarray(0, points.findLastIndex((point) => point !== 0) + 1), (point) =>
      point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point)
    ).join('')
  })
  const texts = [...new Set(all)].sort()
  const numbers = new Map(texts.map((text, number) => [text, number]))
  return { values: Int32Array.from(all, (text) => numbers.get(text) ?? 0), texts }
}
