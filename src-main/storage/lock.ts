import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { Failure } from '#contract/failure'
import { isAlive } from './atomic'
import { storageFailure } from './failure'

interface Owner {
  pid: number
  /** Start of the process in the system's own ticks, where it can be known: a process id may be used again. */
  started: string
  host: string
}

export interface Lock {
  release(): Promise<void>
}

/**
 * Takes a lock file for this process. A lock whose process is gone is taken over.
 * @throws Failure `storage.locked` while another process holds it.
 */
export async function lock(path: string): Promise<Lock> {
  const owner: Owner = { pid: process.pid, started: startOf(process.pid), host: hostname() }
  // Written aside and linked, so that a lock is never seen without its owner.
  const aside = `${path}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await writeFile(aside, JSON.stringify(owner))
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        await link(aside, path)
        return { release: () => rm(path, { force: true }) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        const holder = await lockHolder(path)
        if (holder !== undefined) throw new Failure('storage.locked', { path, pid: String(holder) })
        await rm(path, { force: true })
      }
    }
    throw new Failure('storage.locked', { path, pid: '?' })
  } catch (error) {
    throw storageFailure(error, path)
  } finally {
    await rm(aside, { force: true })
  }
}

/** The process that holds a lock, or undefined when it is free or its process is gone. */
export async function lockHolder(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  let owner: Owner
  try {
    owner = JSON.parse(text) as Owner
  } catch {
    // What is no lock of ours holds nothing.
    return undefined
  }
  if (owner.host !== hostname()) return owner.pid
  return isAlive(owner.pid) && startOf(owner.pid) === owner.started ? owner.pid : undefined
}

function startOf(pid: number): string {
  if (process.platform !== 'linux') return ''
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 22; the name in field 2 may hold spaces, so count behind its closing bracket.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return ''
  }
}
