import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeImage } from '../../../../src-main/datasets/readers/images/read-image'
import type { Picture } from '../../../../src-main/datasets/readers/images/picture'
import { createStack } from '../../../../src-main/datasets/readers/images/stack'

interface PictureCase {
  name: string
  file: string
  shape: [number, number, number]
  values: number[]
}
const { pictures, brightness } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'oracles', 'files.json'), 'utf8')
) as { pictures: PictureCase[]; brightness: { file: string; values: number[] } }

/** The picture in a file with the channels that are wanted. */
async function stacked(file: string, channels: 1 | 3) {
  const picture = (await decodeImage(Buffer.from(file, 'base64'))) as Picture
  const stack = createStack('file', 1, picture.height, picture.width, channels)
  stack.put(0, picture)
  return { shape: [picture.height, picture.width, channels], values: [...stack.take(Uint32Array.of(0))] }
}

test.each(pictures)('$name has the colours that Pillow reads', async ({ file, shape, values }) => {
  expect(await stacked(file, 3)).toEqual({ shape, values })
})

test('colours become the gray that Pillow makes of them', async () => {
  expect((await stacked(brightness.file, 1)).values).toEqual(brightness.values)
})
