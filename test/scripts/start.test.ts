import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chown, chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** Electron does not run for the administrator, so tests that an administrator runs are given to nobody. */
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

const ENGINE = `tensorflow-1.0.0-${process.platform}-${process.arch}`
const OUTPUTS = [
  'main/index.js',
  'main/trainer.js',
  'main/worker.js',
  'preload/index.cjs',
  'renderer/index.html'
]

/** Programs that only note that they ran, and with which parameters. */
const note = (program: string): string =>
  `import { appendFileSync } from 'node:fs'
   appendFileSync('ran.txt', ['${program}', ...process.argv.slice(2)].join(' ') + '\\n');`

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'steadygrad-start-'))
  for (const path of ['scripts', 'src-preload/contract/locales'])
    await cp(path, join(root, path), { recursive: true })
  await put('package.json', '{"name":"steadygrad","type":"module","engines":{"node":">=20.19"}}')
  await put('package-lock.json', '{"packages":{}}')
  await put('node_modules/.package-lock.json', '{"packages":{}}')
  await put(
    'resources/engine/tensorflow.json',
    `{"version":"1.0.0","wheels":{"${process.platform}-${process.arch}":{}}}`
  )
  await put(`cache/engines/${ENGINE}/engine-2.json`, '{}')
  await put(
    'npm-cli.js',
    `${note('npm')} import { writeFileSync } from 'node:fs'
    writeFileSync('node_modules/.package-lock.json', '{"packages":{}}')`
  )
  await put('out/main/server.js', note('server'))
  await put('out/main/cli.js', note('cli'))
  for (const output of OUTPUTS) await put(`out/${output}`, '')
  await put(
    'node_modules/electron-vite/bin/electron-vite.js',
    `${note('build')} import { utimesSync } from 'node:fs'
    const now = new Date()
    for (const output of ${JSON.stringify([...OUTPUTS, 'main/server.js', 'main/cli.js'])}) utimesSync('out/' + output, now, now)`
  )
})
afterEach(() => rm(root, { recursive: true }))

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), content)
}

async function giveToNobody(folder: string): Promise<void> {
  for (const path of ['', ...(await readdir(folder, { recursive: true }))])
    await chown(join(folder, path), NOBODY, NOBODY)
}

/** Starts in the temporary folder; nothing of the machine's own state counts. */
async function launch(
  parameters: string[] = [],
  environment: Record<string, string> = {}
): Promise<ChildProcess> {
  if (isRoot) await giveToNobody(root)
  return spawn(process.execPath, ['scripts/start.mjs', ...parameters], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      LANG: 'en',
      STEADYGRAD_CACHE: join(root, 'cache'),
      npm_execpath: join(root, 'npm-cli.js'),
      ...environment
    },
    ...(isRoot && { uid: NOBODY, gid: NOBODY })
  })
}

/** What a start did: the programs it ran, its sentences and its exit code. */
async function ending(child: ChildProcess) {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number | null]
  const ran = await readFile(join(root, 'ran.txt'), 'utf8').catch(() => '')
  await rm(join(root, 'ran.txt'), { force: true })
  return { code, ran: ran.split('\n').filter(Boolean), said: said.split('\n').filter(Boolean) }
}
const start = async (parameters?: string[], environment?: Record<string, string>) =>
  ending(await launch(parameters, environment))

const nothingToDo = { code: 0, ran: ['server'], said: [] }

test('a start that finds everything ready opens the workbench and says nothing itself', async () => {
  expect(await start(['--port', '8080'])).toEqual({ ...nothingToDo, ran: ['server --port 8080'] })
})

test('packages that differ from the lock are installed first, once', async () => {
  await rm(join(root, 'node_modules/.package-lock.json'))
  expect(await start()).toEqual({
    code: 0,
    ran: ['npm ci --include=dev', 'server'],
    said: ['Installing the packages…']
  })
  expect(await start()).toEqual(nothingToDo)
})

test('a source that is newer than the build has it built again, once', async () => {
  await put('src-main/server.ts', '')
  for (const output of [...OUTPUTS, 'main/server.js', 'main/cli.js'])
    await utimes(join(root, 'out', output), 1, 1)
  expect(await start()).toEqual({
    code: 0,
    ran: ['build build --logLevel warn', 'server'],
    said: ['Building…']
  })
  expect(await start()).toEqual(nothingToDo)
})

test('a build that fails ends the start with a sentence', async () => {
  await put('node_modules/electron-vite/bin/electron-vite.js', 'process.exit(3)')
  await rm(join(root, 'out/renderer/index.html'))
  expect(await start()).toEqual({
    code: 1,
    ran: [],
    said: ['Building…', 'The build failed (code 3); the reason is above.']
  })
})

test('a Node that is too old is named, with the one that is needed', async () => {
  await put('package.json', '{"type":"module","engines":{"node":">=99.1"}}')
  expect(await start()).toEqual({
    code: 1,
    ran: [],
    said: [`Steadygrad needs Node.js 99.1 or newer, but this is ${process.version}.`]
  })
})

describe('a missing engine', () => {
  beforeEach(() => rm(join(root, 'cache'), { recursive: true }))
  const offer =
    'Installing the native engine, once. Ctrl+C skips it: the workbench then opens on WebAssembly, which is slower.'
  const declined =
    'The native engine is not installed, so training runs on WebAssembly, which is slower. To install it: npx steadygrad engine install'

  test('is installed before the workbench opens', async () => {
    expect(await start()).toEqual({ code: 0, ran: ['cli engine install', 'server'], said: [offer] })
  })

  test('that cannot be installed keeps nobody from working, and is not tried at every start', async () => {
    await put('out/main/cli.js', `${note('cli')} process.exit(4)`)
    expect(await start()).toEqual({ code: 0, ran: ['cli engine install', 'server'], said: [offer, declined] })
    expect(await start()).toEqual({ code: 0, ran: ['server'], said: [declined] })
  })

  test('whose installation is broken off with Ctrl+C opens the workbench without it', async () => {
    await put(
      'out/main/cli.js',
      `${note('cli')} process.on('SIGINT', () => process.exit(130))
      process.stderr.write('at work\\n')
      setInterval(() => {}, 1000)`
    )
    const child = await launch()
    child.stderr?.on('data', (text: Buffer) => String(text).includes('at work') && child.kill('SIGINT'))
    expect(await ending(child)).toEqual({
      code: 0,
      ran: ['cli engine install', 'server'],
      said: [offer, 'at work', declined]
    })
  })
})

test('a start that is told to end ends the program at work too, and opens nothing', async () => {
  await rm(join(root, 'out/renderer/index.html'))
  await put(
    'node_modules/electron-vite/bin/electron-vite.js',
    `process.stderr.write('pid ' + process.pid + '\\n')
    setInterval(() => {}, 1000)`
  )
  const child = await launch()
  let pid = 0
  child.stderr?.on('data', (text: Buffer) => {
    pid ||= Number(/pid (\d+)/.exec(String(text))?.[1] ?? 0)
    if (pid) child.kill('SIGTERM')
  })
  expect(await ending(child)).toMatchObject({ code: 130, ran: [] })
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

describe.runIf(process.platform === 'linux')('Electron', () => {
  const display = { DISPLAY: ':99' }
  async function putElectron(script: string): Promise<void> {
    await put('node_modules/electron/path.txt', 'electron')
    await put('node_modules/electron/package.json', '{"type":"module"}')
    await put('node_modules/electron/dist/electron', `#!${process.execPath}\n${script}`)
    await chmod(join(root, 'node_modules/electron/dist/electron'), 0o755)
  }

  test('is opened instead of the browser where its binary is', async () => {
    await putElectron(note('electron'))
    expect(await start([], display)).toEqual({ code: 0, ran: [`electron ${root}`], said: [] })
    expect(await start(['--browser', '--no-open'], display)).toEqual({
      ...nothingToDo,
      ran: ['server --no-open']
    })
  })

  test('that does not start gives way to the browser', async () => {
    await putElectron('process.exit(127)')
    expect(await start([], display)).toEqual({
      code: 0,
      ran: ['server'],
      said: ['Electron did not start (127); the workbench opens in the browser instead.']
    })
  })

  test('that is missing is fetched once', async () => {
    await put('node_modules/electron/package.json', '{"type":"module"}')
    await put('node_modules/electron/install.js', `${note('install')} process.exit(1)`)
    expect(await start([], display)).toEqual({
      code: 0,
      ran: ['install', 'server'],
      said: [
        'Fetching Electron, once and for 20 seconds at most…',
        'Electron could not be fetched; the workbench opens in the browser instead.'
      ]
    })
    expect(await start([], display)).toEqual(nothingToDo)
  })
})

test('the command without a build says how to make one', async () => {
  await rm(join(root, 'out'), { recursive: true })
  const child = spawn(process.execPath, [join(root, 'scripts/steadygrad.mjs'), 'runs'], {
    env: { LANG: 'zh_CN.UTF-8' }
  })
  expect(await ending(child)).toEqual({
    code: 1,
    ran: [],
    said: ['Steadygrad 尚未构建。请运行：npm start（或 npm ci && npm run build）']
  })
})
