import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import envPaths from 'env-paths'

/** The builds of TensorFlow: for the processor alone, and with code for NVIDIA's graphics cards. */
export type EngineBuild = 'cpu' | 'gpu'

/**
 * The folder of the two libraries and the addon below the engine's, with a GPU: the libraries look for NVIDIA's in
 * `../nvidia` beside their own folder, as the wheels lie beside each other where pip installs them.
 */
export const LIBRARIES_OF_GPU = 'tensorflow'

/** Where the parts of one native engine lie. */
export interface EnginePlace {
  /** The engine itself, with the marker, once it is installed. */
  folder: string
  /** The folder of the two libraries and the addon. */
  libraries: string
  /** Holds the folders of all engines. */
  engines: string
  /** Keeps a fetched wheel until the installation has succeeded. */
  downloads: string
  /** Held by the process that installs or removes. */
  lock: string
}

/** This machine in npm's words, such as `linux-x64`. */
export const thisPlatform = `${process.platform}-${process.arch}`

/**
 * The folder whose package.json is ours, found by walking up: it is two levels up from the sources,
 * and two or three from a bundle and its chunks.
 * @throws Error when no such folder is above `start`.
 */
export function projectRoot(start: string = import.meta.dirname): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }
      if (name === 'steadygrad') return folder
    }
    if (folder === dirname(folder)) throw new Error(`no folder of steadygrad above ${start}`)
  }
}

/** The user's cache folder: `STEADYGRAD_CACHE`, or what the operating system has for caches. */
export const cacheFolder = (): string =>
  process.env.STEADYGRAD_CACHE || envPaths('steadygrad', { suffix: '' }).cache

/** Where a build of a TensorFlow version lives on a platform. */
export function enginePlace(
  version: string,
  platform: string = thisPlatform,
  build: EngineBuild = 'cpu'
): EnginePlace {
  const engines = join(cacheFolder(), 'engines')
  const name = `tensorflow-${version}-${platform}${build === 'gpu' ? '-gpu' : ''}`
  const folder = join(engines, name)
  return {
    folder,
    libraries: build === 'gpu' ? join(folder, LIBRARIES_OF_GPU) : folder,
    engines,
    downloads: join(cacheFolder(), build === 'gpu' ? 'downloads-gpu' : 'downloads'),
    lock: join(engines, `${name}.lock`)
  }
}
