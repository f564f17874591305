import { createRequire } from 'node:module'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Failure } from '#contract/failure'
import { findProgram, type RunCommand } from './command'
import { projectRoot } from './folder'
import type { PinnedEngine } from './pinned'

/** The addon's file name in the engine's folder. */
export const ADDON_FILE = 'tfjs_binding.node'
// 8 is the newest version that tfjs-node's own binaries use; Node 20, 24 and Electron load it alike.
const NODE_API_VERSION = 8
/** A source of ours, which opens sessions in place of the function of TensorFlow that it is named after. */
const SESSION_OPTIONS = {
  file: join('resources', 'engine', 'session-options.cc'),
  replaces: 'TF_NewSessionOptions',
  by: 'SteadygradSessionOptions'
}
const COMPILERS = ['c++', 'g++', 'clang++']

const require = createRequire(import.meta.url)
const packageFolder = (name: string): string => dirname(require.resolve(`${name}/package.json`))

/** The C++ compiler on the PATH. @throws Failure `engine.noCompiler`. */
export async function findCompiler(): Promise<string> {
  const compiler = await findProgram(COMPILERS)
  if (compiler === undefined)
    throw new Failure('engine.noCompiler', { tried: COMPILERS.join(', ') }, 'engine')
  return compiler
}

/**
 * Builds tfjs-node's addon beside the unpacked libraries with one compiler call, and with it how sessions are opened.
 * It finds them in its own folder (`$ORIGIN`), so the folder can be moved afterwards.
 * @throws Failure `engine.buildFailed`, `engine.cancelled`.
 */
export async function buildAddon(
  compiler: string,
  pinned: PinnedEngine,
  folder: string,
  include: string,
  run: RunCommand,
  signal: AbortSignal
): Promise<void> {
  const binding = join(packageFolder('@tensorflow/tfjs-node-gpu'), 'binding')
  const sources = (await readdir(binding)).filter((name) => name.endsWith('.cc')).sort()
  const { code, output } = await run(
    compiler,
    [
      ...['-O2', '-std=c++17', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API_VERSION}`],
      ...['-I', join(packageFolder('node-api-headers'), 'include'), '-I', include],
      ...['-o', join(folder, ADDON_FILE)],
      `-D${SESSION_OPTIONS.replaces}=${SESSION_OPTIONS.by}`,
      ...sources.map((name) => join(binding, name)),
      join(projectRoot(), SESSION_OPTIONS.file),
      ...pinned.libraries.map((library) => join(folder, basename(library))),
      '-Wl,-rpath,$ORIGIN'
    ],
    { signal }
  )
  if (code !== 0)
    throw new Failure('engine.buildFailed', { compiler, problem: compilerProblem(output) }, 'engine')
}

function compilerProblem(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const said = lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? ''
  return said.trim().slice(0, 300)
}
