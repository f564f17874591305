import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'

// PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. Archives of 4 GB and more (zip64) are not read:
// the one archive this is for is pinned by its hash.
const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const LOCAL_SIGNATURE = 0x04034b50
const END_BYTES = 22
const LONGEST_COMMENT = 0xffff
const STORED = 0
const DEFLATED = 8

/** A file in an archive, as the central directory lists it. */
export interface ZipEntry {
  name: string
  /** Bytes in the archive. */
  packed: number
  /** Bytes when unpacked. */
  size: number
  checksum: number
  method: number
  /** Where its local header begins. */
  offset: number
}

/** Lists an archive without reading its files. @throws Error when it is no zip archive. */
export async function listZip(path: string): Promise<ZipEntry[]> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const tail = await readAt(file, Math.max(0, size - END_BYTES - LONGEST_COMMENT), size)
    let end = tail.length - END_BYTES
    while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end--
    if (end < 0) throw new Error('no zip directory at its end')
    const start = tail.readUInt32LE(end + 16)
    const directory = await readAt(file, start, start + tail.readUInt32LE(end + 12))
    return entriesOf(directory, tail.readUInt16LE(end + 10))
  } finally {
    await file.close()
  }
}

/**
 * Unpacks one file of an archive as a stream: memory stays at a few hundred kilobytes whatever its size.
 * `onBytes` hears how many unpacked bytes came with each chunk.
 * @throws Error when its checksum or length is wrong, or when the signal aborts.
 */
export async function unzipFile(
  archive: string,
  entry: ZipEntry,
  target: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void
): Promise<void> {
  if (entry.method !== STORED && entry.method !== DEFLATED)
    throw new Error(`${entry.name}: compression method ${entry.method}`)
  const start = await dataStart(archive, entry)
  await mkdir(dirname(target), { recursive: true })
  if (entry.packed === 0) return writeFile(target, '')
  let checksum = 0
  let length = 0
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      checksum = crc32(chunk, checksum)
      length += chunk.length
      onBytes(chunk.length)
      done(null, chunk)
    }
  })
  const packed = createReadStream(archive, { start, end: start + entry.packed - 1 })
  const output = createWriteStream(target)
  if (entry.method === STORED) await pipeline(packed, check, output, { signal })
  else await pipeline(packed, createInflateRaw({ chunkSize: 256 * 1024 }), check, output, { signal })
  if (length !== entry.size || checksum !== entry.checksum)
    throw new Error(`${entry.name}: checksum or length does not match`)
}

function entriesOf(directory: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = []
  let at = 0
  for (let index = 0; index < count; index++) {
    if (directory.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new Error('damaged zip directory')
    const nameLength = directory.readUInt16LE(at + 28)
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength)
    const entry: ZipEntry = {
      name,
      method: directory.readUInt16LE(at + 10),
      checksum: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42)
    }
    // Folders are listed too, with a slash at the end; they are made when a file needs them.
    if (!name.endsWith('/')) entries.push(entry)
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

/** The local header repeats the name and has extra fields of its own length. */
async function dataStart(archive: string, entry: ZipEntry): Promise<number> {
  const file = await open(archive, 'r')
  try {
    const header = await readAt(file, entry.offset, entry.offset + 30)
    if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw new Error(`${entry.name}: damaged zip header`)
    return entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  } finally {
    await file.close()
  }
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
  return buffer.subarray(0, bytesRead)
}
