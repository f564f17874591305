import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { Failure } from '#contract/failure'
import { EXPERIMENT_FILE } from '#contract/run'
import { storageFailure } from '../storage/failure'

/**
 * Makes sure that a folder can be a library: it is made where it is missing, and something is written into it and
 * taken away again. Answers with its absolute path.
 * @throws Failure `library.notAbsolute`, `library.notAFolder`, `library.isARun`, `storage.*`
 */
export async function prepareLibraryFolder(folder: string): Promise<string> {
  const path = folder.trim()
  if (!isAbsolute(path)) throw new Failure('library.notAbsolute', { path })
  const target = resolve(path)
  const about = await stat(target).catch(() => undefined)
  if (about && !about.isDirectory()) throw new Failure('library.notAFolder', { path: target })
  if (await isThere(join(target, EXPERIMENT_FILE))) throw new Failure('library.isARun', { path: target })
  const probe = join(target, `.steadygrad-${process.pid}`)
  try {
    await mkdir(target, { recursive: true })
    await writeFile(probe, '')
    await rm(probe)
  } catch (error) {
    throw storageFailure(error, target)
  }
  return target
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  )
