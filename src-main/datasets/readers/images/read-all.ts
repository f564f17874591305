import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Failure } from '#contract/failure'
import { checkBudget } from '../../files'
import type { ReadingProgress } from '../../reader'
import type { ImageFile } from './layout'
import type { Picture } from './picture'
import { isBroken, readImage, type ImageProblem } from './read-image'
import { createStack, type Stack } from './stack'

/** Images that are decoded at the same time; each may take some hundred megabytes. */
const AT_ONCE = 4
/** So many images are read before others get their turn. */
const IMAGES_PER_TURN = 100

/** The images of a source in memory, with those that cannot be used by their place. */
export interface ImagesRead {
  stack: Stack
  /** [height, width]. */
  size: number[]
  broken: Map<number, ImageProblem>
}

/** What images are brought to; what is absent is decided by the images themselves. */
export interface Wanted {
  /** [height, width]. */
  size?: readonly number[]
  channels?: 1 | 3
}

/**
 * Reads images below a folder into one array. Without a wanted size the first image that can be read decides.
 * @throws Failure `data.imageFolder.allBroken`, `data.imageFolder.mixedSizes` with the first image of another size,
 * `data.overBudget`
 */
export async function readAll(
  root: string,
  files: readonly ImageFile[],
  wanted: Wanted,
  progress: ReadingProgress = () => undefined
): Promise<ImagesRead> {
  if (wanted.size) {
    const [height, width] = wanted.size
    checkBudget(root, height * width * (files.length * (wanted.channels ?? 1) + AT_ONCE * 3))
  }
  const broken = new Map<number, ImageProblem>()
  const read = async (index: number): Promise<Picture | undefined> => {
    const image = await readImage(join(root, files[index].name), wanted.size)
    if (!isBroken(image)) return image
    broken.set(index, image.problem)
    return undefined
  }

  let first: Picture | undefined
  let next = 0
  while (!first && next < files.length) first = await read(next++)
  if (!first)
    throw new Failure('data.imageFolder.allBroken', { path: root, count: files.length, first: files[0].name })
  const { height, width } = first
  const firstIndex = next - 1
  const stack = createStack(root, files.length, height, width, wanted.channels)
  stack.put(firstIndex, first)

  /** Place and size of the first image of another size. */
  let other = files.length
  let otherSize = ''
  async function readOn(): Promise<void> {
    while (next < files.length && other === files.length) {
      const index = next++
      const picture = await read(index)
      if (picture && (picture.height !== height || picture.width !== width)) {
        // Several are under way: the sentence names the first in order, whichever came first.
        if (index < other) {
          other = index
          otherSize = `${picture.height} × ${picture.width}`
        }
      } else if (picture) stack.put(index, picture)
      if (index % IMAGES_PER_TURN === 0) {
        progress(index, files.length)
        await nextTurn()
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, readOn))
  if (other < files.length)
    throw new Failure('data.imageFolder.mixedSizes', {
      path: root,
      first: files[firstIndex].name,
      firstSize: `${height} × ${width}`,
      second: files[other].name,
      secondSize: otherSize
    })
  return { stack, size: [height, width], broken }
}
