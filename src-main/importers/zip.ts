import { unzipSync, type UnzipFileInfo } from 'fflate'
import { Failure } from '#contract/failure'
import { tooLarge } from './files'

/**
 * One file out of a zip archive, `limit` bytes at most; what the archive says of its size is checked before anything
 * is unpacked, and no more than that is.
 * @throws Failure `import.notZip`, `import.missingPart`, `import.tooLarge`
 */
export function unpack(archive: Uint8Array, name: string, limit: number, path: string): Uint8Array {
  const take = (filter: (file: UnzipFileInfo) => boolean): Uint8Array | undefined => {
    try {
      const files = unzipSync(archive, { filter })
      return Object.hasOwn(files, name) ? files[name] : undefined
    } catch (error) {
      throw new Failure('import.notZip', { path, problem: (error as Error).message })
    }
  }
  let size: number | undefined
  take((file) => {
    if (file.name === name) size = file.originalSize
    return false
  })
  if (size === undefined) throw new Failure('import.missingPart', { path, part: name })
  if (size > limit) throw tooLarge(`${path}/${name}`, size, limit)
  const content = take((file) => file.name === name && file.originalSize <= limit)
  if (content?.length !== size) throw new Failure('import.notZip', { path, problem: name })
  return content
}
