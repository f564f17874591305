import { join } from 'node:path'
import { mkdir } from 'node:fs/promises'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage, readImage } from '../../../../src-main/datasets/readers/images/read-image'
import { folderWith } from '../../../fixtures/files'
import { pngBytes, tinyPng } from '../../../fixtures/png'

/** A picture whose left half is red and whose right half is blue. */
const halves = sharp(
  Buffer.from(Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? [255, 0, 0] : [0, 0, 255])).flat()),
  { raw: { width: 8, height: 8, channels: 3 } }
)
/** Height, width, channels, and the colours of the first and the last pixel. */
async function lookOf(bytes: Buffer, size?: number[]) {
  const image = await decodeImage(bytes, size)
  if ('problem' in image) return image.problem
  const { height, width, channels, pixels } = image
  return [height, width, channels, [...pixels.slice(0, channels)], [...pixels.slice(-channels)]]
}

describe('each kind of file is told by its first bytes', () => {
  const look = [8, 8, 3, [255, 0, 0], [0, 0, 255]]
  test('WebP', async () => {
    expect(await lookOf(await halves.clone().webp({ lossless: true }).toBuffer())).toEqual(look)
  })
  test('PNG, interlaced', async () => {
    expect(await lookOf(await halves.clone().png({ progressive: true }).toBuffer())).toEqual(look)
  })
  test('JPEG', async () => {
    const file = await halves.clone().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
    const [height, width, channels, first, last] = (await lookOf(file)) as [
      number,
      number,
      number,
      number[],
      number[]
    ]
    expect([
      height,
      width,
      channels,
      first.map((value) => value > 128),
      last.map((value) => value > 128)
    ]).toEqual([8, 8, 3, [true, false, false], [false, false, true]])
  })
})

test('an image is turned as its EXIF says', async () => {
  // 6 = to be turned by 90° to the right: what was left is above.
  const file = await halves
    .clone()
    .resize(8, 4, { fit: 'fill' })
    .jpeg({ quality: 100 })
    .withMetadata({ orientation: 6 })
    .toBuffer()
  const [height, width, , first, last] = (await lookOf(file)) as [number, number, number, number[], number[]]
  expect([height, width, first[0] > 128, last[2] > 128]).toEqual([8, 4, true, true])
})

test('transparency lies on white, and 16 bits become 8', async () => {
  const clear = await sharp({
    create: { width: 1, height: 1, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0 } }
  })
    .png()
    .toBuffer()
  expect(await lookOf(clear)).toEqual([1, 1, 3, [255, 255, 255], [255, 255, 255]])
  const deep = pngBytes({ width: 1, height: 1, depth: 16, lines: [[0x80, 0xff]] })
  expect(await lookOf(deep)).toEqual([1, 1, 3, [128, 128, 128], [128, 128, 128]])
})

test('a wanted size is reached whatever the proportions, in gray and in colours', async () => {
  const gray = pngBytes({ width: 2, height: 1, lines: [[200, 200]] })
  expect(await lookOf(gray, [3, 5])).toEqual([3, 5, 1, [200], [200]])
  const webp = await halves.clone().webp({ lossless: true }).toBuffer()
  expect(await lookOf(webp, [8, 2])).toEqual([8, 2, 3, expect.anything(), expect.anything()])
})

describe('a file that cannot be used says why', () => {
  test.each([
    ['empty', Buffer.alloc(0), 'empty'],
    ['text', Buffer.from('hello'), 'notAnImage'],
    [
      'a picture of paths',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'),
      'notAnImage'
    ],
    ['a PNG cut off', tinyPng(1).subarray(0, -25), 'damaged'],
    ['a BMP cut off', Buffer.from('BM1234'), 'damaged'],
    ['a JPEG of nothing', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'damaged']
  ])('%s', async (_, bytes, problem) => {
    expect(await lookOf(bytes)).toBe(problem)
  })

  test('more pixels than memory', async () => {
    const file = pngBytes({ width: 20_000, height: 20_000, lines: [[1]] })
    expect(await lookOf(file)).toBe('tooLarge')
  })

  test('a file that is none', async () => {
    const folder = await folderWith({})
    await mkdir(join(folder, 'folder.png'))
    expect(await readImage(join(folder, 'folder.png'))).toEqual({ problem: 'notReadable' })
    expect(await readImage(join(folder, 'none.png'))).toEqual({ problem: 'notReadable' })
  })
})
