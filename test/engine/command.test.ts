import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { findProgram, runCommand } from '../../src-main/engine/command'
import { isAlive } from '../../src-main/storage/atomic'
import { temporaryFolder } from '../fixtures/folder'

const { signal } = new AbortController()

describe('runCommand', () => {
  it('gives the exit status and what was written to both streams', async () => {
    const script = 'console.log("out"); console.error("err"); process.exitCode = 3'
    const { code, output } = await runCommand(process.execPath, ['-e', script], { signal })
    expect(code).toBe(3)
    expect(output).toContain('out\n')
    expect(output).toContain('err\n')
  })

  it('gives 127 for a program that does not exist', async () => {
    expect((await runCommand('no-such-program', [], { signal })).code).toBe(127)
  })

  it('adds to the environment and keeps the rest of it', async () => {
    const script = 'console.log(process.env.ADDED, process.env.PATH !== undefined)'
    const { output } = await runCommand(process.execPath, ['-e', script], { signal, env: { ADDED: 'yes' } })
    expect(output).toBe('yes true\n')
  })

  it('ends what the program itself has started when it is cancelled', async () => {
    const folder = await temporaryFolder()
    const controller = new AbortController()
    // The shell starts a program of its own, writes down its process id, and waits for it.
    const script = 'sleep 600 & echo $! > "$0/made"; mv "$0/made" "$0/child"; wait'
    const appeared = new Promise<void>((resolve) => {
      const watcher = watch(folder, (_event, name) => {
        if (name !== 'child') return
        watcher.close()
        resolve()
      })
    })
    const running = runCommand('sh', ['-c', script, folder], { signal: controller.signal })
    await appeared
    const child = Number(await readFile(join(folder, 'child'), 'utf8'))
    expect(isAlive(child)).toBe(true)
    controller.abort()
    // It settles when the streams are closed, which the child held open as well.
    await expect(running).rejects.toMatchObject({ key: 'engine.cancelled' })
    // A program that is told to end closes its streams a moment before it is gone.
    await vi.waitUntil(() => hasEnded(child))
  })
})

describe('findProgram', () => {
  it('gives the first of the names that lies on the PATH', async () => {
    expect(await findProgram(['no-such-program', 'sh', 'ls'])).toBe('sh')
    expect(await findProgram(['no-such-program'])).toBeUndefined()
  })
})

/** A process that nobody has waited for yet is still listed, as a zombie. */
async function hasEnded(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return !isAlive(pid)
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat === undefined || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}
