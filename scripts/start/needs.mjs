// What a start still has to do. Everything here only looks; it must take a few milliseconds.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

/** What a build is made from. */
const SOURCES = [
  'src-main',
  'src-preload',
  'src-renderer',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json'
]
/** What a build leaves; the last of it is written last. */
const OUTPUTS = [
  ...['index', 'server', 'cli', 'trainer', 'worker'].map((entry) => `out/main/${entry}.js`),
  'out/preload/index.cjs',
  'out/renderer/index.html'
]

/**
 * Says whether a version such as `v20.18.1` is older than one such as `>=20.19`.
 * @param {string} version
 * @param {string} required
 */
export function isOlder(version, required) {
  const numbers = (/** @type {string} */ text) => (text.match(/\d+/g) ?? []).map(Number)
  const [found, wanted] = [numbers(version), numbers(required)]
  const index = wanted.findIndex((number, place) => number !== (found[place] ?? 0))
  return index !== -1 && (found[index] ?? 0) < wanted[index]
}

/**
 * Says whether the installed packages are not those that are locked. npm writes down what it installed when it has
 * finished, so a broken-off installation counts as none.
 * @param {string} root
 */
export function needsPackages(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  const locked = readPackages(join(root, 'package-lock.json'))
  if (!installed || !locked) return true
  const same = (/** @type {Package} */ a, /** @type {Package | undefined} */ b) =>
    b !== undefined && a.version === b.version && a.integrity === b.integrity
  return (
    Object.entries(installed).some(([path, entry]) => !same(entry, locked[path])) ||
    // What is optional may not exist for this machine.
    Object.entries(locked).some(([path, entry]) => path !== '' && !entry.optional && !installed[path])
  )
}

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} Package */
/**
 * @param {string} path
 * @returns {Record<string, Package> | undefined}
 */
function readPackages(path) {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * Says whether a source is newer than what was built from it. A folder is newer when a file in it was added or
 * removed.
 * @param {string} root
 */
export function needsBuild(root) {
  const oldestOutput = Math.min(...OUTPUTS.map((output) => changedAt(join(root, output)) ?? -Infinity))
  return SOURCES.some((source) => isAnyNewer(join(root, source), oldestOutput))
}

/**
 * @param {string} path
 * @param {number} time
 * @returns {boolean}
 */
function isAnyNewer(path, time) {
  const about = statSync(path, { throwIfNoEntry: false })
  if (!about) return false
  if (about.mtimeMs > time) return true
  return about.isDirectory() && readdirSync(path).some((name) => isAnyNewer(join(path, name), time))
}

const changedAt = (/** @type {string} */ path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs

/**
 * The user's cache folder, by the same rules as the core's.
 * @param {Environment} environment
 * @param {NodeJS.Platform} platform
 * @param {string} home
 */
export function cacheFolder(environment, platform = process.platform, home = homedir()) {
  const { STEADYGRAD_CACHE, LOCALAPPDATA, XDG_CACHE_HOME } = environment
  if (STEADYGRAD_CACHE) return STEADYGRAD_CACHE
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'steadygrad')
  if (platform === 'win32') return join(LOCALAPPDATA || join(home, 'AppData', 'Local'), 'steadygrad', 'Cache')
  return join(XDG_CACHE_HOME || join(home, '.cache'), 'steadygrad')
}

/** The file that says that an engine was installed whole, as the core writes it. */
const ENGINE_MARKER = 'engine-2.json'

/**
 * The native engine that belongs to these sources on this machine, and what is known of it: `unwanted` when another
 * one is forced, `declined` when an earlier start ended without it.
 * @param {string} root
 * @param {Environment} environment
 * @param {string} machine
 * @returns {{ state: 'installed' | 'unsupported' | 'unwanted' | 'declined' | 'missing', name: string, attempt: string }}
 */
export function engineState(root, environment, machine = `${process.platform}-${process.arch}`) {
  const pinned = JSON.parse(readFileSync(join(root, 'resources', 'engine', 'tensorflow.json'), 'utf8'))
  const name = `tensorflow-${pinned.version}-${machine}`
  const cache = cacheFolder(environment)
  const attempt = join(cache, 'engine-attempt.txt')
  const forced = environment.STEADYGRAD_ENGINE
  const state = existsSync(join(cache, 'engines', name, ENGINE_MARKER))
    ? 'installed'
    : forced === 'wasm' || forced === 'cpu'
      ? 'unwanted'
      : !pinned.wheels[machine]
        ? 'unsupported'
        : readText(attempt) === name
          ? 'declined'
          : 'missing'
  return { state, name, attempt }
}

/**
 * Whether Electron can be shown here, and what is there of it: `declined` when its download was tried before.
 * @param {string} root
 * @param {Environment} environment
 * @param {{ platform: NodeJS.Platform, isRoot: boolean }} system
 * @returns {{ state: 'ready' | 'missing' | 'declined' | 'impossible', binary: string, attempt: string }}
 */
export function electronState(root, environment, system) {
  const folder = join(root, 'node_modules', 'electron')
  const path = readText(join(folder, 'path.txt')) ?? ''
  const binary = join(environment.ELECTRON_OVERRIDE_DIST_PATH || join(folder, 'dist'), path)
  const attempt = join(root, 'node_modules', '.steadygrad-electron-attempt')
  const state = !canShow(environment, system)
    ? 'impossible'
    : path !== '' && existsSync(binary)
      ? 'ready'
      : existsSync(attempt)
        ? 'declined'
        : 'missing'
  return { state, binary, attempt }
}

/**
 * Electron needs a screen, and on Linux it does not run for the administrator without giving up its sandbox.
 * @param {Environment} environment
 * @param {{ platform: NodeJS.Platform, isRoot: boolean }} system
 */
function canShow(environment, { platform, isRoot }) {
  if (platform === 'win32') return true
  if (platform === 'darwin') return !environment.SSH_CONNECTION
  return !isRoot && Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY)
}

const readText = (/** @type {string} */ path) =>
  existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
