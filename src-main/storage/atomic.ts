import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Failure } from '#contract/failure'
import { storageFailure } from './failure'

const TEMPORARY = /\.tmp-(\d+)-[0-9a-f]+$/

/** A name beside `path` that only this process uses. */
const besideOf = (path: string): string =>
  join(dirname(path), `.${basename(path)}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`)

/**
 * Writes a file so that a reader sees the old content or the new one, never a part: written aside, synced, renamed.
 * Content that comes piece by piece is written by a function.
 * @throws Failure `storage.*`; the old file is then untouched and nothing is left behind.
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array | ((file: FileHandle) => Promise<void>)
): Promise<void> {
  const aside = besideOf(path)
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(aside, 'wx')
    try {
      await (typeof content === 'function' ? content(file) : file.writeFile(content))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(aside, { force: true }).catch(ignoreUnreachable)
    throw storageFailure(error, path)
  }
}

/**
 * Makes a folder appear whole or not at all: `fill` writes into a folder aside, which then takes the place of `path`.
 * @throws Failure `storage.*`, or whatever `fill` throws; nothing is left behind.
 */
export async function writeFolderAtomically(
  path: string,
  fill: (folder: string) => Promise<void>
): Promise<void> {
  const aside = besideOf(path)
  const replaced = besideOf(path)
  try {
    await mkdir(aside, { recursive: true })
    await fill(aside)
    for (const name of await readdir(aside)) await syncFile(join(aside, name))
    await syncFolder(aside)
    await rename(path, replaced).catch(ignoreMissing)
    await rename(aside, path)
    await syncFolder(dirname(path))
  } catch (error) {
    throw storageFailure(error, path)
  } finally {
    await rm(aside, { recursive: true, force: true })
    await rm(replaced, { recursive: true, force: true })
  }
}

/** Removes what killed processes left half-written in a folder. */
export async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [] as string[])) {
    const left = TEMPORARY.exec(name)
    if (left && !isAlive(Number(left[1]))) await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** The parsed content of a JSON file. @throws Failure `storage.notFound`, `storage.notJson`. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw storageFailure(error, path)
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Failure('storage.notJson', { path, problem: (error as Error).message })
  }
}

/** Says whether a process with this id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  await file.sync().finally(() => file.close())
}

/** A rename is durable only when its folder is synced too; Windows has no such call. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await syncFile(path)
}

// A path below a file was never written to.
const ignoreUnreachable = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOTDIR') throw error
}

const ignoreMissing = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error
}
