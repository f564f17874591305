// The product as benchmarks run it: a build that is up to date, in a library that goes when the program ends.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { needsBuild } from '../scripts/start/needs.mjs'
import { fail } from './tables.mjs'

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

export const root = resolve(import.meta.dirname, '..')
export const cli = join(root, 'out', 'main', 'cli.js')
/** Exit code of a run that the guard stopped. */
export const STOPPED_BY_GUARD = 3

/** Command lines that go on. @type {Set<ChildProcess>} */
const running = new Set()

/** Builds what is out of date, and makes a folder for the library of the runs, so that the user's holds none of them. */
export function makeHome() {
  if (needsBuild(root)) {
    const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
    const build = spawnSync(process.execPath, [electronVite, 'build', '--logLevel', 'warn'], { cwd: root })
    if (build.status !== 0) fail(`the build failed: ${build.stderr}`)
  }
  const home = mkdtempSync(join(tmpdir(), 'steadygrad-benchmark-'))
  process.on('exit', () => {
    for (const child of running) child.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
  })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => process.exit(130))
  return home
}

/**
 * Runs a command to its end, in a library.
 * @param {string} home
 * @param {string[]} parameters
 * @param {{ errors?: 'inherit' | 'ignore' }} [options] `inherit` shows people's text, with the progress bar, to whoever waits
 * @returns {Promise<{ code: number | null, lines: Record<string, never>[] }>} its exit code and what it said to programs, but for single steps
 */
export async function steadygrad(home, parameters, { errors = 'inherit' } = {}) {
  const child = spawn(process.execPath, [cli, ...parameters, '--json'], {
    env: { ...process.env, STEADYGRAD_HOME: home },
    stdio: ['ignore', 'pipe', errors]
  })
  running.add(child)
  /** @type {Record<string, never>[]} */
  const lines = []
  createInterface(/** @type {import('node:stream').Readable} */ (child.stdout)).on('line', (line) => {
    if (!line.startsWith('{"type":"step"')) lines.push(JSON.parse(line))
  })
  const code = await new Promise((settle) => child.once('close', settle))
  running.delete(child)
  return { code, lines }
}
