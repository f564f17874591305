import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheFolder as coreCacheFolder } from '../../src-main/engine/folder'
import { MARKER_FILE } from '../../src-main/engine/status'
import {
  cacheFolder,
  electronState,
  engineState,
  isOlder,
  needsBuild,
  needsPackages
} from '../../scripts/start/needs.mjs'
import { languageFrom, speak } from '../../scripts/start/words.mjs'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'steadygrad-needs-'))
})
afterEach(() => rm(root, { recursive: true }))

async function put(path: string, content: unknown = '', seconds = 1000): Promise<void> {
  const file = join(root, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  await utimes(file, seconds, seconds)
}

test.each([
  ['v20.19.0', '>=20.19', false],
  ['v20.18.3', '>=20.19', true],
  ['v18.99.0', '>=20.19', true],
  ['v22.1.0', '>=20.19', false],
  ['v20', '>=20.19', true]
])('Node %s against %s: older is %j', (version, required, expected) => {
  expect(isOlder(version, required)).toBe(expected)
})

describe('packages are installed', () => {
  const svelte = { version: '5.57.3', integrity: 'sha512-a' }
  const windowsOnly = { version: '1.0.0', integrity: 'sha512-b', optional: true }
  const lock = (packages: object) => ({ packages: { '': { name: 'steadygrad' }, ...packages } })

  test('on a fresh machine, and after an installation that was broken off', async () => {
    await put('package-lock.json', lock({ 'node_modules/svelte': svelte }))
    await put('node_modules/svelte/package.json', '{}')
    expect(needsPackages(root)).toBe(true)
    await put('node_modules/.package-lock.json', '{"packages": {"node_mod')
    expect(needsPackages(root)).toBe(true)
  })

  test('not again when what is there is what is locked, whoever installed it', async () => {
    await put('package-lock.json', lock({ 'node_modules/svelte': svelte, 'node_modules/win': windowsOnly }))
    await put('node_modules/.package-lock.json', { packages: { 'node_modules/svelte': svelte } })
    expect(needsPackages(root)).toBe(false)
  })

  test.each([
    ['of another version', { 'node_modules/svelte': { ...svelte, version: '5.0.0' } }],
    ['with other content', { 'node_modules/svelte': { ...svelte, integrity: 'sha512-c' } }],
    ['that is new', { 'node_modules/svelte': svelte, 'node_modules/zod': svelte }],
    ['that is no longer used', {}]
  ])('when the lock names a package %s', async (_, packages) => {
    await put('package-lock.json', lock(packages))
    await put('node_modules/.package-lock.json', { packages: { 'node_modules/svelte': svelte } })
    expect(needsPackages(root)).toBe(true)
  })
})

describe('a build is made', () => {
  const outputs = [
    ...['index', 'server', 'cli', 'trainer', 'worker'].map((entry) => `out/main/${entry}.js`),
    'out/preload/index.cjs',
    'out/renderer/index.html'
  ]
  beforeEach(async () => {
    for (const output of outputs) await put(output, '', 2000)
    await put('src-main/engine/native.ts')
    await put('src-renderer/index.html')
    await put('package.json', '{}')
    for (const folder of ['src-main', 'src-main/engine', 'src-renderer'])
      await utimes(join(root, folder), 1000, 1000)
  })

  test('not again while every source is older than all that was built', () => {
    expect(needsBuild(root)).toBe(false)
  })

  test.each([
    ['a source changed', () => put('src-main/engine/native.ts', '', 3000)],
    ['the configuration changed', () => put('electron.vite.config.ts', '', 3000)],
    ['a source was added', () => put('src-renderer/views/App.svelte', '', 1000)],
    ['a source was removed', () => rm(join(root, 'src-main/engine/native.ts'))],
    ['nothing was built yet', () => rm(join(root, 'out'), { recursive: true })],
    ['the last build broke off before the page', () => rm(join(root, 'out/renderer/index.html'))],
    ['the last build left an older page', () => put('out/renderer/index.html', '', 500)]
  ])('when %s', async (_, change) => {
    await change()
    expect(needsBuild(root)).toBe(true)
  })
})

describe('the native engine', () => {
  const pinned = { version: '2.21.0', wheels: { 'linux-x64': {} } }
  const name = 'tensorflow-2.21.0-linux-x64'
  const state = (environment: object = {}, machine = 'linux-x64') =>
    engineState(root, { STEADYGRAD_CACHE: root, ...environment }, machine).state
  beforeEach(() => put('resources/engine/tensorflow.json', pinned))

  test('is missing until its marker is there', async () => {
    expect(state()).toBe('missing')
    await put(`engines/${name}/${MARKER_FILE}`)
    expect(state()).toBe('installed')
  })

  test('is offered once for each version, and again only on request', async () => {
    await put('engine-attempt.txt', `${name}\n`)
    expect(state()).toBe('declined')
    await put('resources/engine/tensorflow.json', { ...pinned, version: '2.22.0' })
    expect(state()).toBe('missing')
  })

  test('is not offered where none is built, or where another one is forced', () => {
    expect([
      state({}, 'sunos-x64'),
      state({ STEADYGRAD_ENGINE: 'wasm' }),
      state({ STEADYGRAD_ENGINE: 'auto' })
    ]).toEqual(['unsupported', 'unwanted', 'missing'])
  })

  test('is looked for where the core puts it', () => {
    expect(cacheFolder(process.env)).toBe(coreCacheFolder())
    const home = join('/', 'home', 'ada')
    expect([
      cacheFolder({}, 'linux', home),
      cacheFolder({ XDG_CACHE_HOME: '/cache' }, 'linux', home),
      cacheFolder({}, 'darwin', home),
      cacheFolder({}, 'win32', home)
    ]).toEqual([
      join(home, '.cache', 'steadygrad'),
      join('/cache', 'steadygrad'),
      join(home, 'Library', 'Caches', 'steadygrad'),
      join(home, 'AppData', 'Local', 'steadygrad', 'Cache')
    ])
  })
})

describe('Electron', () => {
  const linux = { platform: 'linux' as const, isRoot: false }
  const display = { DISPLAY: ':0' }

  test('is shown when its binary is there', async () => {
    await put('node_modules/electron/path.txt', 'electron')
    expect(electronState(root, display, linux).state).toBe('missing')
    await put('node_modules/electron/dist/electron')
    expect(electronState(root, display, linux)).toMatchObject({
      state: 'ready',
      binary: join(root, 'node_modules/electron/dist/electron')
    })
  })

  test('is fetched once', async () => {
    const { attempt } = electronState(root, display, linux)
    await mkdir(dirname(attempt))
    await writeFile(attempt, '')
    expect(electronState(root, display, linux).state).toBe('declined')
  })

  test.each([
    ['without a screen', {}, linux],
    ['for the administrator on Linux', display, { ...linux, isRoot: true }],
    ['over ssh on a Mac', { SSH_CONNECTION: '10.0.0.1' }, { platform: 'darwin' as const, isRoot: false }]
  ])('is not tried %s', (_, environment, system) => {
    expect(electronState(root, environment, system).state).toBe('impossible')
  })
})

test('what is said before the build is said in the user’s language, with its values', () => {
  const values = { required: '20.19', found: 'v18.0.0' }
  const said = [{ LANG: 'en_GB.UTF-8' }, { LC_ALL: 'zh_CN.UTF-8', LANG: 'en_GB' }].map((environment) =>
    speak('.', languageFrom(environment))('oldNode', values)
  )
  expect(said).toEqual([
    'Steadygrad needs Node.js 20.19 or newer, but this is v18.0.0.',
    'Steadygrad 需要 Node.js 20.19 或更高版本，当前是 v18.0.0。'
  ])
})
