import { basename, dirname, join } from 'node:path'
import { readdir } from 'node:fs/promises'
import { Failure } from '#contract/failure'
import { readingFailure } from '../files'
import type { Reader, SourceOf } from '../reader'
import { assemble } from './assemble'
import { looksLikeIdx, readIdx } from './idx-file'
import { readLabelled, sampleShape } from './labelled'

/** IDX files: images and labels, as MNIST and its relatives come. */
export const idx: Reader<'idx'> = {
  name: 'idx',
  files: ({ images, labels, testImages, testLabels }) =>
    [images, labels, testImages, testLabels].filter((path) => path !== undefined),
  match: ({ path, entries }) => (entries ? matchFolder(path, entries) : matchFile(path)),

  async open(source) {
    const { images, labels, testImages, testLabels } = source
    if ((testImages === undefined) !== (testLabels === undefined))
      throw new Failure('data.testIncomplete', { features: 'testImages', labels: 'testLabels' })
    const train = await readLabelled(images, labels)
    const test = testImages && testLabels ? await readLabelled(testImages, testLabels) : undefined
    return assemble(basename(images), source, train, test, images, testImages)
  }
}

/** The source in a folder that is laid out like MNIST's; undefined where the names do not say so. */
async function matchFolder(path: string, entries: string[]): Promise<SourceOf<'idx'> | undefined> {
  const find = (part: string, content: string): string | undefined => {
    const pattern = new RegExp(`^(${part})[-_.]?${content}.*(idx|ubyte)`, 'i')
    const name = entries.find((entry) => pattern.test(entry))
    return name && join(path, name)
  }
  const images = find('train', 'images')
  const labels = find('train', 'labels')
  const testImages = find('t10k|test', 'images')
  const testLabels = find('t10k|test', 'labels')
  if (!images && !labels && !testImages && !testLabels) return undefined
  if (!images || !labels || !testImages !== !testLabels) throw new Failure('data.folderIncomplete', { path })
  return { use: 'idx', images, labels, ...(testImages && testLabels ? { testImages, testLabels } : {}) }
}

/** The source that a single file and its partner make; the file itself is read first, because it is what was asked. */
async function matchFile(path: string): Promise<SourceOf<'idx'> | undefined> {
  if (!/idx|ubyte/i.test(basename(path)) && !(await looksLikeIdx(path))) return undefined
  const array = await readIdx(path)
  const isLabels = array.shape.length === 1
  if (!isLabels) sampleShape(array)
  const partner = isLabels
    ? basename(path)
        .replace(/labels/i, 'images')
        .replace(/idx1/i, 'idx3')
    : basename(path)
        .replace(/images/i, 'labels')
        .replace(/idx\d/i, 'idx1')
  const plain = partner.replace(/\.gz$/i, '')
  const entries = await readdir(dirname(path)).catch((error: unknown) => {
    throw readingFailure(error, dirname(path))
  })
  const found = [partner, plain, `${plain}.gz`].find(
    (name) => entries.includes(name) && name !== basename(path)
  )
  if (found === undefined)
    throw new Failure(isLabels ? 'data.labelsAlone' : 'data.imagesAlone', {
      path,
      shape: array.shape.join(' × '),
      count: array.shape[0],
      expected: partner === basename(path) ? (isLabels ? 'images-idx3-ubyte' : 'labels-idx1-ubyte') : partner
    })
  const other = join(dirname(path), found)
  return isLabels ? { use: 'idx', images: other, labels: path } : { use: 'idx', images: path, labels: other }
}
