import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const bundle = resolve('out/main/server.js')
let home: string
beforeAll(async () => {
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: run \`npm run build\` before this test`)
  home = await mkdtemp(join(tmpdir(), 'steadygrad-launch-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

function launch(parameters: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [bundle, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env.PATH, LANG: 'en', STEADYGRAD_HOME: home, ...environment }
  })
  const said = { out: '', err: '' }
  const printed = new Promise<void>((resolve) =>
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said.out += text
      resolve()
    })
  )
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }))
  const ready = Promise.race([printed, ended])
  return { child, ready, ended }
}

const ADDRESS = /^Steadygrad is ready at http:\/\/127\.0\.0\.1:\d+\/#token=([\w-]{43})\n$/

test('the address with a new token is all that is printed, and Ctrl+C ends it well', async () => {
  const servers = [launch([]), launch(['--no-open'])]
  for (const { child, ready } of servers) {
    await ready
    child.kill('SIGINT')
    // npm and the terminal may both hand it on.
    child.kill('SIGINT')
  }
  const [first, second] = await Promise.all(servers.map(({ ended }) => ended))
  const line = { code: 0, out: expect.stringMatching(ADDRESS), err: '' }
  expect([first, second]).toEqual([line, line])
  expect(ADDRESS.exec(first.out)?.[1]).not.toBe(ADDRESS.exec(second.out)?.[1])
})

test('the server ends with the script that started it', async () => {
  const { child, ready } = launch(['--no-open'])
  await ready
  // Node emits no `close` once the channel was closed from this side.
  const exited = once(child, 'exit')
  child.disconnect()
  expect((await exited)[0]).toBe(0)
})

test('a port in use is refused in the user’s language with exit code 2', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  expect(await launch(['--port', String(port)], { LANG: 'zh_CN.UTF-8' }).ended).toEqual({
    code: 2,
    out: '',
    err: `端口 ${port} 正被其他程序使用。请用 --port 另选一个；不写则自动选择空闲端口。\n`
  })
  other.close()
})

test('an unknown option is refused with exit code 2', async () => {
  expect(await launch(['--host', '0.0.0.0']).ended).toEqual({
    code: 2,
    out: '',
    err: 'There is no option “--host” here. Known are --port N, --no-open and --data FOLDER.\n'
  })
})

test.runIf(process.platform === 'linux')(
  'the browser is given a file that only this user can read, and the token is in no parameter',
  async () => {
    const seen = join(home, 'seen.txt')
    const opener = `#!/bin/sh
      { echo "$@"; stat -c %a "$1"; cat "$1"; } > ${seen}.part && mv ${seen}.part ${seen}`
    await writeFile(join(home, 'xdg-open'), opener, { mode: 0o755 })
    const environment = { DISPLAY: ':99', PATH: `${home}:${process.env.PATH}` }
    const { child, ready, ended } = launch([], environment)
    await ready
    await vi.waitUntil(() => existsSync(seen), { timeout: 30_000 })
    const [file, mode, page] = (await readFile(seen, 'utf8')).split('\n')
    child.kill('SIGINT')
    const { out } = await ended
    const address = /http\S+/.exec(out)?.[0] as string
    expect([mode, page.includes(`url=${address}"`), file.includes('token'), existsSync(file)]).toEqual([
      '600',
      true,
      false,
      false
    ])
  }
)
