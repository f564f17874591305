import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Failure } from '#contract/failure'
import type { NamedTensor } from '#contract/model'
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

/** The bytes of a file with these tensors and texts. */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Record<string, string>
): Uint8Array {
  const entries: Record<string, Entry> = {}
  let end = 0
  for (const { name, shape, values } of tensors) {
    entries[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] }
    end += values.byteLength
  }
  const data = new Uint8Array(end)
  for (const { name, values } of tensors)
    data.set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      entries[name].data_offsets[0]
    )
  const header = JSON.stringify({ __metadata__: { ...metadata, sha256: checksum(data) }, ...entries })
  const text = Buffer.from(header)
  // Padded with spaces, so that the values are aligned.
  const headerBytes = Buffer.alloc(Math.ceil(text.byteLength / 8) * 8, ' ')
  text.copy(headerBytes)
  const bytes = new Uint8Array(8 + headerBytes.byteLength + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes.byteLength), true)
  bytes.set(headerBytes, 8)
  bytes.set(data, 8 + headerBytes.byteLength)
  return bytes
}

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
