import { access, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { findProgram } from '../command'

/** The program that comes with NVIDIA's driver and tells of its cards. */
export const NVIDIA_SMI = 'nvidia-smi'
/** What NVIDIA's kernel module tells of itself on Linux. */
const KERNEL_MODULE = '/proc/driver/nvidia/version'
/** The driver's own library, which TensorFlow loads. */
const DRIVER_LIBRARY = 'libcuda.so.1'
/** Where the systems put it; the last two are Windows' Linux and containers. */
const LIBRARY_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/lib/x86_64-linux-gnu',
  '/usr/lib/wsl/lib',
  '/usr/local/nvidia/lib64'
]

/** What is looked for, for the sentence that says that none of it is there. */
export const LOOKED_FOR = [NVIDIA_SMI, KERNEL_MODULE, DRIVER_LIBRARY].join(', ')

/** Places of a driver; tests give their own. */
export interface DriverPlaces {
  kernelModule: string
  libraryFolders: string[]
}

const thisMachine = (): DriverPlaces => ({
  kernelModule: KERNEL_MODULE,
  libraryFolders: [
    ...(process.env.LD_LIBRARY_PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...LIBRARY_FOLDERS
  ]
})

/**
 * The first trace of a driver for NVIDIA's cards, such as the path of its library. Looks at files only, so it does
 * not say that the driver works; that is what the probe is for.
 */
export async function findDriver(places: DriverPlaces = thisMachine()): Promise<string | undefined> {
  const files = [places.kernelModule, ...places.libraryFolders.map((folder) => join(folder, DRIVER_LIBRARY))]
  for (const path of files) if (await exists(path)) return path
  return findProgram([NVIDIA_SMI])
}

/** The driver's version as the kernel module tells it; undefined where there is no such file. */
export async function driverVersion(places: DriverPlaces = thisMachine()): Promise<string | undefined> {
  const text = await readFile(places.kernelModule, 'utf8').catch(() => '')
  return text.split('\n').find((line) => line.trim() !== '')
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )
