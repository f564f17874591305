import { readdir } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import type { DataFinding } from '#contract/dataset'
import { Failure } from '#contract/failure'
import { named } from '../inspection/finding'
import type { Place, Reader, Samples, SourceOf } from '../reader'
import { listFolder } from './images/folder'
import { layoutOf, type ImageFile } from './images/layout'
import { readAll } from './images/read-all'
import { isImageName, type ImageProblem } from './images/read-image'

/** A folder of images with a folder for each class, inside of `train` and `test` where it is divided. */
export const imageFolder: Reader<'imageFolder'> = {
  name: 'imageFolder',
  match,
  async files({ path }) {
    const root = resolve(path)
    const { files, folders } = await listFolder(root)
    // Names are below the root and normal; a hundred thousand of them are put together fast.
    return [...folders, ...files].map((name) => `${root}${sep}${name}`)
  },

  async open(source, progress) {
    const root = resolve(source.path)
    const layout = layoutOf(await listFolder(root))
    const files = [...layout.train, ...(layout.test ?? [])]
    if (layout.train.length === 0) throw new Failure('data.imageFolder.none', { path: root })
    const size = typeof source.size === 'number' ? [source.size, source.size] : source.size
    const read = await readAll(root, files, { size, channels: source.channels }, progress)

    const { stack, broken } = read
    const featureShape = [...read.size, stack.channels]
    const good = Uint32Array.from(files.keys()).filter((index) => !broken.has(index))
    const labels = labelsOf(layout.classes, good, files)
    const features = stack.take(good)
    const sampleSize = featureShape.reduce((product, each) => product * each, 1)
    const samplesBetween = (from: number, to: number): Samples => ({
      count: to - from,
      features: features.subarray(from * sampleSize, to * sampleSize),
      targets: labels.targets.slice(from, to),
      nameOf: (index) => files[good[from + index]].name
    })
    const trainFiles = layout.train.length
    const trainCount = good.filter((index) => index < trainFiles).length
    if (trainCount === 0) throw new Failure('data.imageFolder.none', { path: root })
    return {
      name: basename(root),
      source,
      featureShape,
      classes: labels.classes,
      train: samplesBetween(0, trainCount),
      ...(layout.test && { test: samplesBetween(trainCount, good.length) }),
      findings: [
        ...describeBroken('train', files, broken, 0, trainFiles),
        ...describeBroken('test', files, broken, trainFiles, files.length),
        ...named(
          { kind: 'emptyClass', severity: 'warning', part: 'train', key: 'data.emptyClass' },
          labels.empty
        ),
        ...layout.findings
      ]
    }
  }
}

/** A folder in which some folder, or one for a part, holds images. @throws Failure `data.imageFolder.noClasses` */
async function match({ path, entries }: Place): Promise<SourceOf<'imageFolder'> | undefined> {
  if (!entries) return undefined
  /** Says whether some folder in this one holds images, or some folder in those. */
  const hasClasses = async (folder: string, depth: number): Promise<boolean> => {
    // What may not be looked into holds none.
    const inside = await readdir(folder, { withFileTypes: true }).catch(() => [])
    const folders = inside.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    for (const { name } of folders)
      if ((await readdir(join(folder, name)).catch(() => [])).some(isImageName)) return true
    if (depth > 0)
      for (const { name } of folders) if (await hasClasses(join(folder, name), depth - 1)) return true
    return false
  }
  if (await hasClasses(path, 1)) return { use: 'imageFolder', path }
  const images = entries.filter(isImageName)
  if (images.length === 0) return undefined
  throw new Failure('data.imageFolder.noClasses', { path, count: images.length, first: images[0] })
}

/** Class numbers of the images that can be used; a class without any has none and is named. */
function labelsOf(names: readonly string[], good: Uint32Array, files: readonly ImageFile[]) {
  const used = new Set<number>()
  good.forEach((index) => used.add(files[index].label))
  const classes = names.filter((_, label) => used.has(label))
  const numbers = names.map((name) => classes.indexOf(name))
  return {
    classes,
    empty: names.filter((_, label) => !used.has(label)),
    targets: Int32Array.from(good, (index) => numbers[files[index].label])
  }
}

/** Names the broken images between two places, by what is wrong with them. */
function describeBroken(
  part: 'train' | 'test',
  files: readonly ImageFile[],
  broken: ReadonlyMap<number, ImageProblem>,
  from: number,
  to: number
): DataFinding[] {
  const here = [...broken].filter(([index]) => index >= from && index < to).sort(([a], [b]) => a - b)
  const problems = [...new Set(here.map(([, problem]) => problem))]
  return problems.flatMap((problem) =>
    named(
      { kind: 'brokenFile', severity: 'warning', part, key: `data.broken.${problem}` },
      here.filter(([, each]) => each === problem).map(([index]) => files[index].name)
    )
  )
}
