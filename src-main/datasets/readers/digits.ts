import type { Reader } from '../reader'
import { resourcePath } from '../resources'
import { assemble } from './assemble'
import { readLabelled } from './labelled'

const CLASSES = 10
const file = (name: string): string => resourcePath('sample-data', 'digits', name)
const trainImages = 'train-images-idx3-ubyte.gz'
const trainLabels = 'train-labels-idx1-ubyte.gz'
const testImages = 't10k-images-idx3-ubyte.gz'
const testLabels = 't10k-labels-idx1-ubyte.gz'

/** 2,000 + 500 digits of MNIST, as many of each class; they come with the product. */
export const digits: Reader<'digits'> = {
  name: 'digits',
  files: () => [trainImages, trainLabels, testImages, testLabels].map(file),
  async open(source) {
    const train = await readLabelled(file(trainImages), file(trainLabels), CLASSES)
    const test = await readLabelled(file(testImages), file(testLabels), CLASSES)
    return assemble('digits', source, train, test)
  }
}
