// `npm start`: makes everything ready that is not, and opens the workbench. It runs before anything is installed,
// so it uses nothing but Node.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { electronState, engineState, isOlder, needsBuild, needsPackages } from './start/needs.mjs'
import { forgetSignal, run, toldToEnd } from './start/programs.mjs'
import { languageFrom, speak } from './start/words.mjs'

const ELECTRON_DOWNLOAD_LIMIT_MS = 20_000
/** Electron that ends in failure this soon did not start at all. */
const ELECTRON_START_MS = 10_000
const INTERRUPTED = 130
const SHELL_WATCH_MS = 500

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = speak(root, languageFrom(process.env))
const tell = (/** @type {string} */ text) => process.stderr.write(`${text}\n`)
const wantsBrowser = process.argv.includes('--browser')
const node = process.execPath

endWithShell()
await start()

async function start() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (isOlder(process.version, engines.node))
    return fail(say('oldNode', { required: engines.node.replace('>=', ''), found: process.version }))

  if (needsPackages(root)) {
    tell(say('installing'))
    const { code } = await installPackages()
    endIfTold()
    if (code !== 0) return fail(say('installFailed', { code }))
  }
  if (needsBuild(root)) {
    tell(say('building'))
    const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
    const { code } = await run(node, [electronVite, 'build', '--logLevel', 'warn'], { cwd: root })
    endIfTold()
    if (code !== 0) return fail(say('buildFailed', { code }))
  }
  await provisionEngine()
  if (!wantsBrowser && (await openElectron())) return
  // In this very process: nothing stands between the terminal and the server.
  process.argv = process.argv.filter((parameter) => parameter !== '--browser')
  await import(pathToFileURL(join(root, 'out', 'main', 'server.js')).href)
}

/** npm itself says how it is to be called; Windows knows it by another name only. */
function installPackages() {
  const parameters = ['ci', '--include=dev']
  const npm = process.env.npm_execpath
  if (npm?.endsWith('.js')) return run(node, [npm, ...parameters], { cwd: root })
  return run('npm', parameters, { cwd: root, shell: process.platform === 'win32' })
}

/** Without the native engine the workbench opens all the same; it is offered once, and again on request. */
async function provisionEngine() {
  const { state, name, attempt } = engineState(root, process.env)
  if (state === 'declined') return tell(say('engineDeclined'))
  if (state !== 'missing') return
  tell(say('engineInstalling'))
  const cli = join(root, 'out', 'main', 'cli.js')
  const { code } = await run(node, [cli, 'engine', 'install'], { cwd: root })
  if (toldToEnd() === 'SIGINT') forgetSignal()
  endIfTold()
  if (code === 0) return
  remember(attempt, name)
  tell(say('engineDeclined'))
}

/** Opens Electron and answers whether it did its work. */
async function openElectron() {
  const system = { platform: process.platform, isRoot: process.getuid?.() === 0 }
  const look = () => electronState(root, process.env, system)
  let { state, binary, attempt } = look()
  if (state === 'missing') {
    tell(say('electronDownloading'))
    const installer = join(root, 'node_modules', 'electron', 'install.js')
    await run(node, [installer], { cwd: root, isQuiet: true, limit: ELECTRON_DOWNLOAD_LIMIT_MS })
    endIfTold()
    ;({ state, binary } = look())
    if (state !== 'ready') {
      remember(attempt, new Date().toISOString())
      tell(say('electronMissing'))
    }
  }
  if (state !== 'ready') return false
  const started = performance.now()
  const env = { ...process.env }
  delete env.ELECTRON_RUN_AS_NODE
  const { code, signal } = await run(binary, [root], { cwd: root, hasChannel: true, env })
  endIfTold()
  if ((code === 0 && !signal) || performance.now() - started > ELECTRON_START_MS) {
    process.exitCode = code
    return true
  }
  tell(say('electronFailed', { code: signal ?? code }))
  return false
}

/** @param {string} sentence */
function fail(sentence) {
  tell(sentence)
  process.exitCode = 1
}

/**
 * npm runs this in a shell and hands a signal that it gets to that shell, which dies of it alone. So the end of the
 * shell is taken for the signal.
 */
function endWithShell() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return
  const shell = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, SHELL_WATCH_MS)
  timer.unref()
}

function endIfTold() {
  if (toldToEnd()) process.exit(INTERRUPTED)
}

/** @param {string} path @param {string} text */
function remember(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${text}\n`)
}
