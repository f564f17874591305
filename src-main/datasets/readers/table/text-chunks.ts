import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import { Failure } from '#contract/failure'
import { readBytes } from '../../files'

const CHUNK_BYTES = 1 << 18
const HEAD_BYTES = 1 << 18
/** Longer than any line of numbers; memory must have an end. */
const MAX_LINE_BYTES = 1 << 24
const LINE_FEED = 0x0a

/**
 * The text of a file as UTF-8 without a byte order mark, in chunks of whole lines; UTF-16 is known by its mark.
 * @throws Failure `data.notUtf8`, `data.lineTooLong` with the line
 */
export async function* textChunks(path: string, file: FileHandle): AsyncGenerator<Buffer> {
  const mark = Buffer.from(await readBytes(file, 0, 3))
  const utf16 = utf16Of(mark)
  const start = utf16 ? 2 : mark.toString('hex') === 'efbbbf' ? 3 : 0
  const decoder = utf16 && new TextDecoder(utf16)
  let line = 1
  /** The end of the last chunk, behind its last line feed. */
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of file.createReadStream({ start, autoClose: false, highWaterMark: CHUNK_BYTES })) {
    const chunk = decoder ? Buffer.from(decoder.decode(piece as Buffer, { stream: true })) : (piece as Buffer)
    const joined: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const end = joined.lastIndexOf(LINE_FEED) + 1
    if (joined.length - end > MAX_LINE_BYTES)
      throw new Failure('data.lineTooLong', { path, line, limit: MAX_LINE_BYTES / 2 ** 20 })
    const whole = joined.subarray(0, end)
    rest = joined.subarray(end)
    line = checkText(path, whole, line)
    if (whole.length > 0) yield whole
  }
  checkText(path, rest, line)
  if (rest.length > 0) yield rest
}

/** The first characters of a file, and whether they are all of it. */
export async function readHead(
  path: string,
  file: FileHandle,
  size: number
): Promise<{ text: string; isWhole: boolean }> {
  let bytes = Buffer.from(await readBytes(file, 0, HEAD_BYTES))
  const utf16 = utf16Of(bytes)
  if (!utf16 && size > HEAD_BYTES) bytes = bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1 || undefined)
  if (!utf16 && size <= HEAD_BYTES) checkText(path, bytes, 1)
  const text = new TextDecoder(utf16 ?? 'utf-8').decode(bytes)
  return { text, isWhole: size <= HEAD_BYTES }
}

const utf16Of = (bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined =>
  bytes[0] === 0xff && bytes[1] === 0xfe
    ? 'utf-16le'
    : bytes[0] === 0xfe && bytes[1] === 0xff
      ? 'utf-16be'
      : undefined

/** The number of the line behind a text. @throws Failure `data.notUtf8` */
function checkText(path: string, text: Buffer, firstLine: number): number {
  let line = firstLine
  const isSound = isUtf8(text)
  let at = 0
  while (at < text.length) {
    const found = text.indexOf(LINE_FEED, at)
    const end = found < 0 ? text.length : found
    if (!isSound && !isUtf8(text.subarray(at, end))) throw new Failure('data.notUtf8', { path, line })
    if (end < text.length) line++
    at = end + 1
  }
  return line
}
