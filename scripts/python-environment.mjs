// Environments of Python with pinned packages, in the user's cache folder: made when they are needed first, whole or not
// at all.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { cacheFolder } from './start/needs.mjs'

/** Keras on TensorFlow, the judge of layers and files, and a peer in speed. */
export const KERAS = ['keras==3.15.0', 'tensorflow-cpu==2.21.0']
/** PyTorch, a peer in speed alone: its environment takes some 5 GB. */
export const PYTORCH = ['torch==2.15.0']

/**
 * The Python of an environment with these packages; made when it is not there, or was not finished.
 * @param {string[]} packages
 * @returns {Promise<string>}
 */
export async function pythonWith(packages) {
  const folder = join(cacheFolder(process.env), 'python', packages.join('-').replaceAll('==', '-'))
  const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']
  const python = join(folder, ...inside)
  const finished = join(folder, 'finished')
  if (existsSync(finished)) return python
  const found = ['python3', 'python'].find((each) => spawnSync(each, ['--version']).status === 0)
  const names = packages.join(' and ')
  if (!found) throw new Error(`Python 3 with pip is needed to install ${names}; none was found.`)
  console.error(`Installing ${names} into ${folder} …`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  const quiet = ['--disable-pip-version-check', '--no-input', '--quiet']
  const isMade =
    (await run(found, ['-m', 'venv', folder])) &&
    (await run(python, ['-m', 'pip', 'install', ...quiet, ...packages]))
  if (!isMade) throw new Error(`${names} could not be installed into ${folder}.`)
  writeFileSync(finished, `${packages.join('\n')}\n`)
  return python
}

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<boolean>}
 */
const run = (program, args) =>
  new Promise((settle) => {
    spawn(program, args, { stdio: ['ignore', 2, 2] })
      .once('error', () => settle(false))
      .once('close', (code) => settle(code === 0))
  })
