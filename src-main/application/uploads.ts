import { mkdir, open, rename, rm, statfs } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { Failure } from '#contract/failure'
import {
  isPlainPath,
  LIST_LENGTH_BYTES,
  MOST_LIST_BYTES,
  MOST_UPLOAD_BYTES,
  MOST_UPLOAD_FILES,
  uploadList,
  type UploadList
} from '#contract/upload'
import { sweep, syncFolder } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { stamp } from './file-names'
import type { Clock } from './ports'

/** What stays free on the disk: training needs some for its checkpoints. */
const KEPT_FREE_BYTES = 2 ** 30

/** Files that a page without a file system of ours sends: they are kept below the library's `datasets/uploads`. */
export interface Uploads {
  /** @throws Failure `data.uploadTooLarge`, `data.uploadTooMany`, `data.uploadNoRoom` */
  makeRoom(bytes: number, files: number): Promise<void>
  /**
   * Takes files as `contract/upload` describes them, piece by piece onto the disk; answers with the path to open: the
   * file or folder itself where there is one, else the folder of all of them.
   * @throws Failure `data.upload*`, `storage.*`; nothing is left then
   */
  receive(body: AsyncIterable<Uint8Array>): Promise<string>
}

/** The uploads of a library. */
export function openUploads(library: string, clock: Clock): Uploads {
  const folder = join(library, 'datasets', 'uploads')

  async function makeRoom(bytes: number, files: number): Promise<void> {
    if (bytes > MOST_UPLOAD_BYTES)
      throw new Failure('data.uploadTooLarge', {
        found: gigabytes(bytes),
        limit: gigabytes(MOST_UPLOAD_BYTES)
      })
    if (files > MOST_UPLOAD_FILES)
      throw new Failure('data.uploadTooMany', { found: files, limit: MOST_UPLOAD_FILES })
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw storageFailure(error, folder)
    })
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize - KEPT_FREE_BYTES
    if (bytes > free)
      throw new Failure('data.uploadNoRoom', { needed: gigabytes(bytes), free: gigabytes(Math.max(0, free)) })
  }

  return {
    makeRoom,
    async receive(body) {
      const source = readPieces(body)
      const list = await readList(source)
      await makeRoom(
        list.files.reduce((sum, { bytes }) => sum + bytes, 0),
        list.files.length
      )
      await sweep(folder)
      const name = `${stamp(clock.now())}-${randomBytes(3).toString('hex')}`
      const target = join(folder, name)
      const aside = join(folder, `.${name}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`)
      try {
        await writeFiles(aside, list, source)
        await rename(aside, target)
        await syncFolder(folder)
      } catch (error) {
        await rm(aside, { recursive: true, force: true })
        throw storageFailure(error, target)
      }
      return join(target, ...whatToOpen(list))
    }
  }
}

/** The list in front of the files. Every path is checked before anything is written. */
async function readList(source: Pieces): Promise<UploadList> {
  const head = await source.exactly(LIST_LENGTH_BYTES)
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true)
  if (length > MOST_LIST_BYTES)
    throw new Failure('data.uploadDamaged', { problem: `${length} > ${MOST_LIST_BYTES}` })
  const list = uploadList.safeParse(parse(await source.exactly(length)))
  if (!list.success) throw new Failure('data.uploadDamaged', { problem: list.error.issues[0].message })
  const seen = new Set<string>()
  for (const { path } of list.data.files) {
    if (!isPlainPath(path)) throw new Failure('data.uploadBadPath', { path })
    // Names that differ in case only are one name on some systems.
    const key = path.toLowerCase().normalize('NFC')
    if (seen.has(key)) throw new Failure('data.uploadTwice', { path })
    seen.add(key)
  }
  return list.data
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new Failure('data.uploadDamaged', { problem: (error as Error).message })
  }
}

async function writeFiles(folder: string, { files }: UploadList, source: Pieces): Promise<void> {
  const made = new Set<string>()
  for (const { path, bytes } of files) {
    const target = join(folder, ...path.split('/'))
    const parent = dirname(target)
    if (!made.has(parent)) await mkdir(parent, { recursive: true })
    made.add(parent)
    const file = await open(target, 'wx')
    try {
      for await (const piece of source.upTo(bytes)) await file.writeFile(piece)
    } finally {
      await file.close()
    }
  }
  if (!(await source.isAtEnd())) throw new Failure('data.uploadDamaged', { problem: '> list' })
}

/** Names that lead to what a user means: the one file or folder on top, if there is one. */
function whatToOpen({ files }: UploadList): string[] {
  const tops = new Set(files.map(({ path }) => path.split('/')[0]))
  return tops.size === 1 ? [...tops] : []
}

/** Bytes that come in pieces, taken as they are needed. */
interface Pieces {
  exactly(length: number): Promise<Uint8Array>
  upTo(length: number): AsyncIterable<Uint8Array>
  isAtEnd(): Promise<boolean>
}

function readPieces(body: AsyncIterable<Uint8Array>): Pieces {
  const iterator = body[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)

  /** The next piece, `most` bytes at most; undefined at the end. */
  async function next(most: number): Promise<Uint8Array | undefined> {
    while (rest.length === 0) {
      const { done, value } = await iterator.next()
      if (done) return undefined
      rest = value
    }
    const piece = rest.subarray(0, most)
    rest = rest.subarray(piece.length)
    return piece
  }
  async function* upTo(length: number): AsyncIterable<Uint8Array> {
    for (let left = length; left > 0;) {
      const piece = await next(left)
      if (!piece) throw new Failure('data.uploadCut')
      left -= piece.length
      yield piece
    }
  }
  return {
    upTo,
    async exactly(length) {
      const whole = new Uint8Array(length)
      let filled = 0
      for await (const piece of upTo(length)) {
        whole.set(piece, filled)
        filled += piece.length
      }
      return whole
    },
    isAtEnd: async () => (await next(1)) === undefined
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 1e8 ? 3 : 1)} GB`
