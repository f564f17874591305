import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { say } from '#contract/messages'

const bundle = resolve('out/main/index.js')
let home: string
let report: Record<string, unknown>

beforeAll(async () => {
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: run \`npm run build\` before this test`)
  home = await mkdtemp(join(tmpdir(), 'steadygrad-electron-'))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'fixtures', 'run-main.mjs'), bundle],
    { env: { ...process.env, STEADYGRAD_HOME: home, STEADYGRAD_LANGUAGE: 'en', NODE_OPTIONS: '' } }
  )
  report = JSON.parse(stdout) as typeof report
})
afterAll(() => rm(home, { recursive: true, force: true }))

test('before Electron is ready there is one instance, a sandbox for every window and a scheme of our own', () => {
  expect(report.beforeReady).toEqual([
    ['app.requestSingleInstanceLock'],
    ['app.enableSandbox'],
    [
      'protocol.registerSchemesAsPrivileged',
      [
        {
          scheme: 'app',
          privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true }
        }
      ]
    ]
  ])
})

test('one window opens on our page, isolated from Node, with a menu in the user’s language', () => {
  const asked = report.afterReady as [string, unknown][]
  // The library of the settings asks where settings belong before it is told.
  const [menu, window, ...rest] = asked.filter(([name]) => name !== 'app.getPath')
  expect((menu[1] as { label: string }[]).map(({ label }) => label)).toEqual([
    say('en', 'shell.menu.file'),
    say('en', 'shell.menu.edit'),
    say('en', 'shell.menu.view')
  ])
  expect(window).toMatchObject([
    'new BrowserWindow',
    {
      show: false,
      webPreferences: {
        preload: resolve('out/preload/index.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false
      }
    }
  ])
  expect(rest).toEqual([['window.loadURL', 'app://workbench/'], ['window.show']])
})

test('every permission is denied but writing text to the clipboard, and so is the network', () => {
  const { permissions, device, displayMedia, network } = report
  expect({ permissions, device, displayMedia, network }).toEqual({
    permissions: [
      ['clipboard-sanitized-write', true, true],
      ['media', false, false],
      ['geolocation', false, false],
      ['notifications', false, false],
      ['clipboard-read', false, false]
    ],
    device: false,
    displayMedia: null,
    network: [{ urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'] }, { cancel: true }]
  })
})

test('the scheme serves the page with its policy, and nothing outside of it', () => {
  const policy = "default-src 'none'"
  expect(report.files).toEqual([
    ['app://workbench/', 200, policy, '<!doctype html>'],
    ['app://workbench/../../../package.json', 404, policy, ''],
    ['app://workbench/%2e%2e/main/index.js', 404, policy, ''],
    ['app://other/', 404, policy, '']
  ])
})

test('a page may be loaded anew and can go nowhere else', () => {
  expect(report.navigation).toEqual({
    reload: false,
    frame: true,
    elsewhere: true,
    alike: true,
    file: true,
    redirect: true,
    webview: true,
    window: { action: 'deny' }
  })
})

test('only the main frame of our window on our origin is answered', () => {
  expect(report.replies).toEqual([['wire', 'reply', 5]])
})

test('the worker is forked as a utility process that knows its parent and is limited in memory', () => {
  expect(report.fork).toEqual({
    entry: ['out', 'main', 'worker.js'],
    parameters: [],
    options: {
      serviceName: 'steadygrad worker',
      stdio: ['ignore', 'pipe', 'pipe'],
      execArgv: ['--max-old-space-size=2048']
    },
    parent: true,
    home: true,
    refused: [],
    asked: [['request', 'prepare']]
  })
})

test('a page that was loaded anew gets no answer to a question of the page before it', () => {
  expect(report.repliesAfterReload).toEqual([['wire', 'reply', 7]])
})

test('settings lie in the same file as in the other shells, and a change is announced', async () => {
  const settings = {
    language: 'system',
    theme: 'dark',
    engine: 'auto',
    telemetry: 'normal',
    gpu: 0,
    gpuMemory: 0,
    shortcuts: true
  }
  expect(report.settings).toEqual([
    { kind: 'event', event: { type: 'settings.changed', settings } },
    { kind: 'reply', id: 8, value: settings }
  ])
  expect(await readFile(join(home, 'settings.json'), 'utf8')).toBe('{\n\t"theme": "dark"\n}')
})

test('a page that breaks down is loaded again, but not over and over', () => {
  expect(report.reloads).toBe(1)
})

test('a second start brings the window to the front', () => {
  expect(report.secondInstance).toEqual(['window.restore', 'window.focus'])
})

test('quitting waits until every process has ended', () => {
  expect(report.quit).toEqual({ isQuitPrevented: true })
})
