import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Failure } from '#contract/failure'
import { readingFailure } from '../files'
import type { Place, Reader, SourceOf } from '../reader'
import { joinArrays } from './arrays'
import { assemble } from './assemble'
import { readNpy } from './npy-file'
import { showShape } from './stored-array'

/** Words in the names of files that belong together, features first. */
const partners = [
  ['x', 'y'],
  ['images', 'labels'],
  ['features', 'labels'],
  ['features', 'targets'],
  ['data', 'labels'],
  ['data', 'targets'],
  ['inputs', 'targets']
] as const

/** NPY files, as `numpy.save` writes them: one with features, one with labels, and the same for the test part. */
export const npy: Reader<'npy'> = {
  name: 'npy',
  match,
  files: ({ path, labels, testPath, testLabels }) =>
    [path, labels, testPath, testLabels].filter((each) => each !== undefined),

  async open(source) {
    const { path, labels, testPath, testLabels } = source
    if ((testPath === undefined) !== (testLabels === undefined))
      throw new Failure('data.testIncomplete', { features: 'testPath', labels: 'testLabels' })
    const train = joinArrays(await readNpy(path), await readNpy(labels))
    const test =
      testPath !== undefined && testLabels !== undefined
        ? joinArrays(await readNpy(testPath), await readNpy(testLabels))
        : undefined
    return assemble(basename(path), source, train, test, path, testPath)
  }
}

/** The source that a file and its partner make. @throws Failure `data.npy.alone` */
async function match({ path, entries }: Place): Promise<SourceOf<'npy'> | undefined> {
  if (entries || !/\.npy$/i.test(path)) return undefined
  const { shape } = await readNpy(path)
  const folder = dirname(path)
  const names = await readdir(folder).catch((error: unknown) => {
    throw readingFailure(error, folder)
  })
  const own = basename(path)
  for (const [features, labels] of partners) {
    const asLabels = exchange(own, labels, features)
    const asFeatures = exchange(own, features, labels)
    if (asFeatures !== own && names.includes(asFeatures))
      return { use: 'npy', path, labels: join(folder, asFeatures) }
    if (asLabels !== own && names.includes(asLabels))
      return { use: 'npy', path: join(folder, asLabels), labels: path }
  }
  const plain = ['y.npy', 'labels.npy', 'targets.npy'].find((name) => names.includes(name) && name !== own)
  if (plain !== undefined) return { use: 'npy', path, labels: join(folder, plain) }
  throw new Failure('data.npy.alone', { path, shape: showShape(shape), expected: 'labels.npy' })
}

/** A name with one of its words replaced by another, capital where it was capital. */
const exchange = (name: string, from: string, to: string): string =>
  name.replace(new RegExp(`(^|[^a-z])${from}(?=[^a-z])`, 'i'), (found, before: string) =>
    found.slice(before.length) === from.toUpperCase() ? `${before}${to.toUpperCase()}` : `${before}${to}`
  )
