import { access, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { Failure } from '#contract/failure'
import { EXPERIMENT_FILE, LOCK_FILE } from '#contract/run'
import { syncFolder } from '../storage/atomic'
import { storageFailure } from '../storage/failure'
import { lock } from '../storage/lock'

/** The library's folder of things that were deleted; nothing in it is ever removed by us. */
export interface Trash {
  /** Moves a run's folder here. @throws Failure `storage.locked`, `library.inTheWay`, `library.notMoved` */
  putRun(folder: string): Promise<void>
  /** Moves a run's folder back to where it was. @throws Failure `library.notInTrash`, `library.inTheWay` */
  takeRun(folder: string): Promise<void>
  /** Moves a file here, under another name where one like it lies here already. */
  putFile(path: string): Promise<void>
}

/** The trash of a library; its folder is made when it is first needed. */
export function openTrash(library: string): Trash {
  const trash = join(library, 'trash')
  return {
    async putRun(folder) {
      const target = join(trash, basename(folder))
      const held = await lock(join(folder, LOCK_FILE))
      try {
        await move(folder, target)
      } catch (error) {
        await held.release()
        throw error
      }
      // It went along.
      await rm(join(target, LOCK_FILE), { force: true })
    },
    async takeRun(folder) {
      const run = basename(folder)
      if (!(await exists(join(trash, run, EXPERIMENT_FILE)))) throw new Failure('library.notInTrash', { run })
      await move(join(trash, run), folder)
    },
    async putFile(path) {
      const extension = extname(path)
      const name = basename(path, extension)
      let target = join(trash, basename(path))
      for (let number = 2; await exists(target); number++)
        target = join(trash, `${name}-${number}${extension}`)
      await move(path, target)
    }
  }
}

async function move(path: string, target: string): Promise<void> {
  if (await exists(target)) throw new Failure('library.inTheWay', { path: target })
  try {
    await mkdir(dirname(target), { recursive: true })
    await rename(path, target)
    await syncFolder(dirname(target))
    await syncFolder(dirname(path))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    // The target lies on another disk, or, on Windows, a program has a file open.
    if (code === 'EXDEV' || code === 'EBUSY')
      throw new Failure('library.notMoved', { path, target, problem: code })
    throw storageFailure(error, path)
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )
