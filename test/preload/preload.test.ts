import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compileFunction } from 'node:vm'
import { expect, test, vi } from 'vitest'

const bundle = resolve('out/preload/index.cjs')

/** What a sandboxed preload script is given, and all that it may require. */
const PARAMETERS = [
  'require',
  'process',
  'exports',
  'module',
  'Buffer',
  'global',
  'setImmediate',
  'clearImmediate'
]

interface Exposed {
  wire: { post(message: unknown): void; listen(listener: (message: unknown) => void): () => void }
  pathOf(file: unknown): string
}

/** Runs code as Electron runs a sandboxed preload script; answers with what it exposes and the fakes it used. */
function runSandboxed(code: string) {
  const exposed: Record<string, Exposed> = {}
  const heard = new Map<string, (event: unknown, message: unknown) => void>()
  const ipcRenderer = {
    send: vi.fn(),
    on: (channel: string, listener: (event: unknown, message: unknown) => void) =>
      heard.set(channel, listener),
    removeListener: (channel: string) => heard.delete(channel)
  }
  const electron = {
    contextBridge: { exposeInMainWorld: (key: string, value: Exposed) => (exposed[key] = value) },
    ipcRenderer,
    webUtils: { getPathForFile: (file: { path: string }) => file.path }
  }
  const require = (name: string): unknown => {
    if (name === 'electron') return electron
    throw new Error(`module not found: ${name}`)
  }
  const module = { exports: {} }
  const run = compileFunction(code, PARAMETERS) as (...given: unknown[]) => void
  run(require, { platform: 'linux' }, module.exports, module, Buffer, {}, setImmediate, clearImmediate)
  return { exposed, heard, ipcRenderer }
}

function preload(): string {
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: run \`npm run build\` before this test`)
  return readFileSync(bundle, 'utf8')
}

test('the emulated sandbox refuses modules and every module but Electron’s', () => {
  expect(() => runSandboxed("require('fs')")).toThrow('module not found: fs')
  expect(() => runSandboxed("import { ipcRenderer } from 'electron'")).toThrow(SyntaxError)
})

test('the preload runs in the sandbox and exposes exactly a wire and the paths of files', () => {
  const { exposed } = runSandboxed(preload())
  expect(exposed).toEqual({
    steadygrad: {
      wire: { post: expect.any(Function), listen: expect.any(Function) },
      pathOf: expect.any(Function)
    }
  })
  expect(exposed.steadygrad.pathOf({ path: '/data/images.idx' })).toBe('/data/images.idx')
})

test('the wire uses one channel, hands on no Electron event, and stops listening when told', () => {
  const { exposed, heard, ipcRenderer } = runSandboxed(preload())
  const { post, listen } = exposed.steadygrad.wire
  post({ kind: 'request' })
  expect(ipcRenderer.send.mock.calls).toEqual([['wire', { kind: 'request' }]])

  const listener = vi.fn()
  const stop = listen(listener)
  heard.get('wire')?.({ sender: 'Electron’s own object' }, { kind: 'event' })
  stop()
  expect([listener.mock.calls, [...heard.keys()]]).toEqual([[[{ kind: 'event' }]], []])
})
