import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, watch } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChildPort } from '../../../src-main/application/ports'
import { childrenFrom, type StartProcess } from '../../../src-main/shells/node/child-processes'
import { forkProcess } from '../../../src-main/shells/node/forked-process'
import { buildFixture } from './build-fixture'

let folder: string
let entry: string
let parent: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadygrad-fork-'))
  entry = await buildFixture('child', folder)
  parent = await buildFixture('parent', folder)
})
afterAll(() => rm(folder, { recursive: true }))

/** A child that is ready, with what asks it one thing and waits for its answer. */
async function startChild(options: Partial<Parameters<StartProcess>[0]> = {}) {
  const port = forkProcess({ entry, name: 'test child', environment: {}, execArgv: [], ...options })
  await heard(port)
  return { port, ask: (message: unknown) => heard(port, message) }
}

function heard(port: ChildPort, message?: unknown): Promise<unknown> {
  const answer = new Promise((resolve) => {
    const stop = port.wire.listen((value) => {
      stop()
      resolve(value)
    })
  })
  if (message !== undefined) port.wire.post(message)
  return answer
}

describe('a forked process', () => {
  test('gets typed arrays, NaN and Inf as they are, and sends them back', async () => {
    const { port, ask } = await startChild()
    const echo = { values: new Float32Array([1, NaN, -Infinity]), deep: [{ text: '梯度' }], nothing: null }
    expect(await ask({ echo })).toEqual(echo)
    port.kill()
    await port.exited
  })

  test('has our environment and what is added to it', async () => {
    const { port, ask } = await startChild({ environment: { STEADYGRAD_TEST: 'added' } })
    expect([await ask({ environment: 'STEADYGRAD_TEST' }), await ask({ environment: 'PATH' })]).toEqual([
      'added',
      process.env.PATH
    ])
    port.kill()
    await port.exited
  })

  test('that ends by itself reports its code, and its wire closes', async () => {
    const { port } = await startChild()
    port.wire.post({ exit: 7 })
    expect(await port.exited).toEqual({ code: 7, signal: null, lines: [] })
    expect(await port.wire.closed).toBe('test child: exit 7')
    port.wire.post({ echo: 'nobody hears this, and nothing breaks' })
  })

  test('that is killed reports the signal', async () => {
    const { port } = await startChild()
    port.kill()
    expect(await port.exited).toEqual({ code: null, signal: 'SIGKILL', lines: [] })
  })

  test('that crashes leaves its last 200 lines, without a line that has no end', async () => {
    const { port, ask } = await startChild()
    const text = Array.from({ length: 300 }, (_, line) => `line ${line}`).join('\n')
    await ask({ say: `${text}\n${'x'.repeat(1e6)}` })
    port.kill()
    const { lines } = await port.exited
    expect([lines.length, lines[0], lines[199], lines[200].length]).toEqual([
      201,
      'line 100',
      'line 299',
      2_000
    ])
  })

  test('whose JavaScript is missing reports why', async () => {
    const port = forkProcess({ entry: join(folder, 'none.js'), name: 'none', environment: {}, execArgv: [] })
    const { code, lines } = await port.exited
    expect(code).toBe(1)
    expect(lines.join('\n')).toContain('none.js')
  })

  test('hears that its parent was killed and ends', async () => {
    const file = join(folder, 'reason.txt')
    const written = new Promise<void>((resolve) => {
      const watcher = watch(folder, () => {
        if (!existsSync(file) || readFileSync(file, 'utf8') === '') return
        watcher.close()
        resolve()
      })
    })
    const holder = spawn(process.execPath, [parent, entry, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    holder.kill('SIGKILL')
    await written
    expect(readFileSync(file, 'utf8')).toBe('the parent process is gone')
  })

  test('does not take the terminal’s Ctrl+C for itself', async () => {
    const { port, ask } = await startChild()
    process.kill(port.processId as number, 'SIGINT')
    process.kill(port.processId as number, 'SIGHUP')
    expect(await ask({ echo: 'alive' })).toBe('alive')
    port.kill()
    await port.exited
  })
})

test('the worker is limited in memory, and processes are named by what they are', async () => {
  const started: Parameters<StartProcess>[0][] = []
  const start = childrenFrom('/out/main', (options) => {
    started.push(options)
    return {} as ChildPort
  })
  start('trainer', { THREADS: '2' })
  start('worker')
  expect(started).toEqual([
    {
      entry: '/out/main/trainer.js',
      name: 'steadygrad trainer',
      environment: { THREADS: '2' },
      execArgv: []
    },
    {
      entry: '/out/main/worker.js',
      name: 'steadygrad worker',
      environment: {},
      execArgv: ['--max-old-space-size=2048']
    }
  ])
  const { port, ask } = await startChild({ execArgv: started[1].execArgv })
  expect(await ask({ tell: 'heap' })).toBeLessThan(2.2 * 2 ** 30)
  port.kill()
  await port.exited
})
