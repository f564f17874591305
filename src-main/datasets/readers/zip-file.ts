import type { FileHandle } from 'node:fs/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { Failure } from '#contract/failure'
import { checkBudget, readBytes, withFile } from '../files'
import { DEFLATE_RATIO } from './stored-array'

// PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 and 4.3.16, of archives that are not to be trusted.
const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const LOCAL_SIGNATURE = 0x04034b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const LONGEST_COMMENT = 0xffff
const MAX_ENTRIES = 1_000
const STORED = 0
const DEFLATED = 8
/** Stands where a number needs 64 bits. */
const LONGER = 0xffffffff
const ENCRYPTED = 1

/** A file in an archive, as the central directory lists it. */
export interface ZippedFile {
  name: string
  /** Bytes in the archive, and when unpacked: a claim. */
  packed: number
  size: number
  checksum: number
  method: number
  /** Where its local header begins. */
  offset: number
}

/** Lists an archive without unpacking anything. @throws Failure `data.zip.*`, `storage.*` */
export const listZip = (path: string): Promise<ZippedFile[]> =>
  withFile(path, async (file, size) => {
    const tailStart = Math.max(0, size - END_BYTES - LONGEST_COMMENT)
    const tail = Buffer.from(await readBytes(file, tailStart, size - tailStart))
    let end = tail.length - END_BYTES
    while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end--
    if (end < 0) throw new Failure('data.zip.notZip', { path })
    const count = tail.readUInt16LE(end + 10)
    const length = tail.readUInt32LE(end + 12)
    const start = tail.readUInt32LE(end + 16)
    if (count > MAX_ENTRIES || start + length > size) throw new Failure('data.zip.damaged', { path })
    return entriesOf(path, Buffer.from(await readBytes(file, start, length)), count)
  })

/**
 * The bytes of one file of an archive. Its claims are checked before memory is asked for, its checksum afterwards.
 * @throws Failure `data.zip.*`, `data.claimsTooMuch`, `data.overBudget`
 */
export const readZipped = (path: string, entry: ZippedFile): Promise<Uint8Array<ArrayBuffer>> =>
  withFile(path, async (file, size) => {
    const { name, packed, method, offset, checksum } = entry
    const where = `${path}:${name}`
    if (method !== STORED && method !== DEFLATED)
      throw new Failure('data.zip.method', { path: where, method })
    if (offset + LOCAL_BYTES + packed > size) throw new Failure('data.zip.damaged', { path: where })
    if (entry.size > packed * (method === STORED ? 1 : DEFLATE_RATIO))
      throw new Failure('data.claimsTooMuch', { path: where, expected: entry.size, found: packed })
    checkBudget(where, entry.size)
    const local = Buffer.from(await readBytes(file, offset, LOCAL_BYTES))
    if (local.length < LOCAL_BYTES || local.readUInt32LE(0) !== LOCAL_SIGNATURE)
      throw new Failure('data.zip.damaged', { path: where })
    // The local header repeats the name and has extra fields of its own length.
    const start = offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28)
    const bytes =
      method === STORED
        ? await readBytes(file, start, packed)
        : await inflate(where, file, start, packed, entry.size)
    if (bytes.length !== entry.size || crc32(bytes) !== checksum)
      throw new Failure('data.zip.damaged', { path: where })
    return bytes
  })

function entriesOf(path: string, directory: Buffer, count: number): ZippedFile[] {
  const entries: ZippedFile[] = []
  let at = 0
  for (let index = 0; index < count; index++) {
    if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY_SIGNATURE)
      throw new Failure('data.zip.damaged', { path })
    const nameLength = directory.readUInt16LE(at + 28)
    const end =
      at + ENTRY_BYTES + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
    const name = directory.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength)
    if (directory.readUInt16LE(at + 8) & ENCRYPTED) throw new Failure('data.zip.encrypted', { path, name })
    const entry = {
      name,
      method: directory.readUInt16LE(at + 10),
      checksum: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42)
    }
    // A file of 4 GiB and more is beyond what can be opened.
    if ([entry.packed, entry.size, entry.offset].includes(LONGER))
      throw new Failure('data.zip.tooLong', { path, name })
    entries.push(entry)
    at = end
  }
  return entries
}

/** Inflates piece by piece, so that memory is bounded by what the directory claims and not by what the file holds. */
async function inflate(path: string, file: FileHandle, start: number, packed: number, size: number) {
  const bytes = new Uint8Array(size)
  let filled = 0
  if (packed === 0) return bytes
  const source = file.createReadStream({ start, end: start + packed - 1, autoClose: false })
  const stream = createInflateRaw({ chunkSize: 1 << 18 })
  source.on('error', (error) => stream.destroy(error))
  try {
    for await (const piece of source.pipe(stream) as AsyncIterable<Uint8Array>) {
      if (filled + piece.length > size) throw new Failure('data.inflatesTooFar', { path, expected: size })
      bytes.set(piece, filled)
      filled += piece.length
    }
  } catch (error) {
    const isZlibError = String((error as NodeJS.ErrnoException).code).startsWith('Z_')
    throw isZlibError ? new Failure('data.zip.damaged', { path }) : error
  } finally {
    source.destroy()
    stream.destroy()
  }
  return bytes.subarray(0, filled)
}
