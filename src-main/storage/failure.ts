import { Failure } from '#contract/failure'

/** Turns what the file system says into a sentence about the path; anything unexpected stays as it is. */
export function storageFailure(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Failure('storage.diskFull', { path })
  if (code === 'ENOENT') return new Failure('storage.notFound', { path })
  if (
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'EROFS' ||
    code === 'EISDIR' ||
    code === 'ENOTDIR' ||
    code === 'EEXIST'
  )
    return new Failure('storage.notWritable', { path, problem: code })
  return error
}
