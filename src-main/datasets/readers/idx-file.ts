import { createGunzip } from 'node:zlib'
import type { FileHandle } from 'node:fs/promises'
import { Failure } from '#contract/failure'
import { BUDGET_BYTES, readBytes, withFile } from '../files'
import { DEFLATE_RATIO, MAX_DIMENSIONS, showShape, type StoredArray, type StoredValues } from './stored-array'

export type IdxType = 'uint8' | 'int8' | 'int16' | 'int32' | 'float32' | 'float64'

/** An array that an IDX file holds. */
export interface IdxArray extends StoredArray {
  type: IdxType
}

/** What the first bytes of an IDX file claim. */
interface Header {
  type: IdxType
  shape: number[]
  /** Bytes before the first value, and of the whole file. */
  start: number
  total: number
}

const GZIP_CHUNK_BYTES = 1 << 18

// The third byte of the magic number, from the description of the format on the page of MNIST.
const types: Record<number, { type: IdxType; bytes: 1 | 2 | 4 | 8 }> = {
  0x08: { type: 'uint8', bytes: 1 },
  0x09: { type: 'int8', bytes: 1 },
  0x0b: { type: 'int16', bytes: 2 },
  0x0c: { type: 'int32', bytes: 4 },
  0x0d: { type: 'float32', bytes: 4 },
  0x0e: { type: 'float64', bytes: 8 }
}

/** Says whether a file begins as an IDX file does, inflating it first when it is gzipped. */
export const looksLikeIdx = (path: string): Promise<boolean> =>
  withFile(path, async (file) => {
    let head = await readBytes(file, 0, 4)
    if (isGzip(head)) head = await firstInflatedBytes(file, 4)
    return head.length === 4 && head[0] === 0 && head[1] === 0 && head[2] in types && head[3] > 0
  })

/**
 * Reads an IDX file, gzipped or not. Sizes that the file claims are checked against the bytes it has and against a
 * budget before memory is asked for.
 * @throws Failure `data.*` that names the file and what is wrong; `storage.*` when it cannot be read.
 */
export const readIdx = (path: string): Promise<IdxArray> =>
  withFile(path, async (file, size) => {
    const start = await readBytes(file, 0, 4 + 4 * MAX_DIMENSIONS)
    const { header, body } = isGzip(start)
      ? await inflate(path, file, size)
      : await readPlain(path, file, size, start)
    return { path, type: header.type, shape: header.shape, values: decode(header, body) }
  })

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

async function readPlain(path: string, file: FileHandle, size: number, start: Uint8Array) {
  const header = readHeader(path, start)
  if (size !== header.total) throw wrongLength(path, header, size)
  const body = await readBytes(file, header.start, header.total - header.start)
  // The file shrank while it was read.
  if (body.length !== header.total - header.start) throw wrongLength(path, header, header.start + body.length)
  return { header, body }
}

/** Inflates piece by piece, so that memory is bounded by what the header claims and not by what the file holds. */
async function inflate(path: string, file: FileHandle, size: number) {
  let head = new Uint8Array(0)
  let header: Header | undefined
  let body = new Uint8Array(0)
  let filled = 0
  try {
    for await (const piece of inflated(file)) {
      let values = piece
      if (!header) {
        head = joined(head, piece)
        if (head.length < headerLength(head)) continue
        header = readHeader(path, head)
        if (header.total > size * DEFLATE_RATIO)
          throw new Failure('data.claimsTooMuch', { path, expected: header.total, found: size })
        body = new Uint8Array(header.total - header.start)
        values = head.subarray(header.start)
      }
      if (filled + values.length > body.length)
        throw new Failure('data.inflatesTooFar', { path, expected: header.total })
      body.set(values, filled)
      filled += values.length
    }
  } catch (error) {
    throw isZlibError(error) ? new Failure('data.notGzip', { path, problem: error.message }) : error
  }
  // Without a whole header this says what is missing.
  header ??= readHeader(path, head)
  if (filled < body.length) throw wrongLength(path, header, header.start + filled)
  return { header, body }
}

async function firstInflatedBytes(file: FileHandle, length: number): Promise<Uint8Array<ArrayBuffer>> {
  let head = new Uint8Array(0)
  try {
    for await (const piece of inflated(file)) {
      head = joined(head, piece)
      if (head.length >= length) break
    }
  } catch (error) {
    if (!isZlibError(error)) throw error
  }
  return head.slice(0, length)
}

async function* inflated(file: FileHandle): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const packed = file.createReadStream({ start: 0, autoClose: false })
  const stream = createGunzip({ chunkSize: GZIP_CHUNK_BYTES })
  packed.on('error', (error) => stream.destroy(error))
  try {
    yield* packed.pipe(stream) as AsyncIterable<Uint8Array<ArrayBuffer>>
  } finally {
    packed.destroy()
    stream.destroy()
  }
}

const isZlibError = (error: unknown): error is Error =>
  error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_')

function joined(a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** Bytes of a header that begins like this, as far as one is read. */
const headerLength = (head: Uint8Array): number =>
  head.length < 4 ? 4 : 4 + 4 * Math.min(head[3], MAX_DIMENSIONS)

function readHeader(path: string, bytes: Uint8Array): Header {
  if (bytes.length < 4) throw new Failure('data.noHeader', { path, found: bytes.length })
  const kind = types[bytes[2]] as (typeof types)[number] | undefined
  const dimensions = bytes[3]
  if (bytes[0] !== 0 || bytes[1] !== 0 || !kind || dimensions === 0)
    throw new Failure('data.notIdx', { path, found: hexadecimal(bytes.subarray(0, 4)) })
  if (dimensions > MAX_DIMENSIONS)
    throw new Failure('data.tooManyDimensions', { path, found: dimensions, limit: MAX_DIMENSIONS })
  const start = 4 + 4 * dimensions
  if (bytes.length < start)
    throw new Failure('data.tooShort', {
      path,
      missing: start - bytes.length,
      expected: start,
      found: bytes.length
    })
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i))
  // Up to eight sizes of 32 bits: their product may be far beyond what a number holds exactly.
  const total = BigInt(start) + shape.reduce((product, each) => product * BigInt(each), BigInt(kind.bytes))
  if (total > BigInt(BUDGET_BYTES))
    throw new Failure('data.tooLarge', { path, shape: showShape(shape), limit: BUDGET_BYTES / 2 ** 30 })
  return { type: kind.type, shape, start, total: Number(total) }
}

const hexadecimal = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')

const wrongLength = (path: string, header: Header, found: number): Failure =>
  found < header.total
    ? new Failure('data.tooShort', { path, missing: header.total - found, expected: header.total, found })
    : new Failure('data.tooLong', { path, surplus: found - header.total, expected: header.total, found })

/** The values in this machine's byte order (all supported ones are little-endian); turns the bytes in place. */
function decode({ type }: Header, body: Uint8Array<ArrayBuffer>): StoredValues {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  switch (type) {
    case 'uint8':
      return body
    case 'int8':
      return new Int8Array(body.buffer)
    case 'int16':
      bytes.swap16()
      return new Int16Array(body.buffer)
    case 'int32':
      bytes.swap32()
      return new Int32Array(body.buffer)
    case 'float32':
      bytes.swap32()
      return new Float32Array(body.buffer)
    case 'float64':
      bytes.swap64()
      return new Float64Array(body.buffer)
  }
}
