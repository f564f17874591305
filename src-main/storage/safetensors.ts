import { createHash } from 'node:crypto'
import { readFile, type FileHandle } from 'node:fs/promises'
import { Failure } from '#contract/failure'
import type { NamedTensor } from '#contract/model'
import { writeAtomically } from './atomic'
import { storageFailure } from './failure'

/*
 * Named tensors in one file, in the safetensors format (github.com/huggingface/safetensors): 8 bytes with the length
 * of a JSON header, the header, the values. Our metadata holds a checksum of the values besides.
 */
const LARGEST_HEADER_BYTES = 10_000_000

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/** Bytes that are in memory at once while a file is written piece by piece. */
const BLOCK_BYTES = 4 * 2 ** 20

/** A tensor whose values come piece by piece, in order. */
export interface StreamedTensor {
  name: string
  shape: readonly number[]
  pieces(): Iterable<Float32Array>
}

/** The bytes of a file with these tensors and texts. */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Record<string, string>
): Uint8Array {
  const hash = createHash('sha256')
  for (const { values } of tensors) hash.update(bytesOf(values))
  const header = headerOf(tensors, { ...metadata, sha256: hash.digest('hex') })
  return Buffer.concat([header, ...tensors.map(({ values }) => bytesOf(values))])
}

/**
 * Writes a file with these tensors and texts aside and puts it in place. Each block of values is asked for, hashed and
 * written on its own, so that others get their turn between two of them.
 * @throws Failure `storage.*`; an old file is then untouched
 */
export function writeSafetensors(
  path: string,
  tensors: readonly StreamedTensor[],
  metadata: Record<string, string>
): Promise<void> {
  return writeAtomically(path, async (file) => {
    const hash = createHash('sha256')
    // The checksum is known at the end, its length from the beginning.
    const unknown = headerOf(tensors, { ...metadata, sha256: '0'.repeat(64) })
    let at = await writeWhole(file, unknown, 0)
    const block = new Uint8Array(BLOCK_BYTES)
    let filled = 0
    const empty = async (): Promise<void> => {
      const full = block.subarray(0, filled)
      hash.update(full)
      at += await writeWhole(file, full, at)
      filled = 0
    }
    for (const { pieces } of tensors)
      for (const piece of pieces()) {
        const bytes = bytesOf(piece)
        for (let taken = 0; taken < bytes.byteLength;) {
          const part = bytes.subarray(taken, taken + BLOCK_BYTES - filled)
          block.set(part, filled)
          filled += part.byteLength
          taken += part.byteLength
          if (filled === BLOCK_BYTES) await empty()
        }
      }
    await empty()
    await writeWhole(file, headerOf(tensors, { ...metadata, sha256: hash.digest('hex') }), 0)
  })
}

/** Writes all bytes at a place of a file; a single call may write fewer when the disk fills up. */
async function writeWhole(file: FileHandle, bytes: Uint8Array, at: number): Promise<number> {
  for (let written = 0; written < bytes.byteLength;)
    written += (await file.write(bytes, written, bytes.byteLength - written, at + written)).bytesWritten
  return bytes.byteLength
}

/** What stands before the values: the length of the header and the header, padded so that the values are aligned. */
function headerOf(
  tensors: readonly { name: string; shape: readonly number[] }[],
  metadata: Record<string, string>
): Buffer {
  const entries: Record<string, Entry> = {}
  let end = 0
  for (const { name, shape } of tensors) {
    const start = end
    end += 4 * shape.reduce((product, length) => product * length, 1)
    entries[name] = { dtype: 'F32', shape: [...shape], data_offsets: [start, end] }
  }
  const text = Buffer.from(JSON.stringify({ __metadata__: metadata, ...entries }))
  const header = Buffer.alloc(8 + Math.ceil(text.byteLength / 8) * 8, ' ')
  header.writeBigUInt64LE(BigInt(header.byteLength - 8))
  text.copy(header, 8)
  return header
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** What a file holds. */
interface Content {
  tensors: NamedTensor[]
  metadata: Record<string, string>
}

/** The tensors and texts of a file. @throws Failure `storage.notFound` or `storage.damaged` */
export async function readSafetensors(path: string): Promise<Content> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw storageFailure(error, path)
  })
  return decodeSafetensors(bytes, path)
}

/** The tensors and texts in the bytes of a file; `path` names it in failures. @throws Failure `storage.damaged` */
export function decodeSafetensors(bytes: Buffer, path: string): Content {
  const damaged = (problem: string): Failure => new Failure('storage.damaged', { path, problem })
  if (bytes.byteLength < 8) throw damaged(`${bytes.byteLength} bytes`)
  const headerBytes = Number(bytes.readBigUInt64LE(0))
  if (headerBytes > Math.min(LARGEST_HEADER_BYTES, bytes.byteLength - 8))
    throw damaged(`header: ${headerBytes} bytes`)
  let header: Record<string, unknown>
  try {
    header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)) as Record<string, unknown>
  } catch (error) {
    throw damaged((error as Error).message)
  }
  const { __metadata__, ...entries } = header
  const metadata = (__metadata__ ?? {}) as Record<string, string>
  const data = bytes.subarray(8 + headerBytes)
  if (metadata.sha256 && metadata.sha256 !== checksum(data)) throw damaged('sha256')
  const tensors = Object.entries(entries).map(([name, entry]) => {
    if (!isEntry(entry)) throw damaged(name)
    const [start, end] = entry.data_offsets
    const size = entry.shape.reduce((product, length) => product * length, 1)
    if (entry.dtype !== 'F32' || end > data.byteLength || end - start !== size * 4) throw damaged(name)
    return {
      name,
      shape: entry.shape,
      values: new Float32Array(new Uint8Array(data.subarray(start, end)).buffer)
    }
  })
  return { tensors, metadata }
}

function isEntry(value: unknown): value is Entry {
  const { shape, data_offsets } = (value ?? {}) as Partial<Entry>
  return [shape, data_offsets].every((list) => Array.isArray(list) && list.every(Number.isSafeInteger))
}

const checksum = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')
