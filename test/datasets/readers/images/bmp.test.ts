import { describe, expect, test } from 'vitest'
import { decodeBmp } from '../../../../src-main/datasets/readers/images/bmp'

interface Sketch {
  width: number
  /** Negative where the first row is the uppermost. */
  height: number
  depth: number
  compression?: number
  /** What lies between the headers and the pixels: masks, or colours as blue, green, red, 0. */
  between?: number[]
  pixels: number[]
}

/** A BMP file with the header of Windows 3. */
function bmpBytes({ width, height, depth, compression = 0, between = [], pixels }: Sketch): Buffer {
  const head = Buffer.alloc(54)
  const start = 54 + between.length
  head.write('BM', 'latin1')
  head.writeUInt32LE(start + pixels.length, 2)
  head.writeUInt32LE(start, 10)
  head.writeUInt32LE(40, 14)
  head.writeInt32LE(width, 18)
  head.writeInt32LE(height, 22)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(depth, 28)
  head.writeUInt32LE(compression, 30)
  head.writeUInt32LE(depth <= 8 ? between.length / 4 : 0, 46)
  return Buffer.concat([head, Buffer.from(between), Buffer.from(pixels)])
}
const pixelsOf = (sketch: Sketch): number[] | undefined => {
  const picture = decodeBmp(bmpBytes(sketch))
  return picture && [picture.height, picture.width, picture.channels, ...picture.pixels]
}
const red = [0, 0, 255]
const green = [0, 255, 0]
const colours = [...red, 0, ...green, 0]

test('24 bits: rows go from the bottom to the top, filled up to four bytes, blue first', () => {
  const pixels = [...red, ...green, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0]
  expect(pixelsOf({ width: 2, height: 2, depth: 24, pixels })).toEqual([
    2, 2, 3, 3, 2, 1, 6, 5, 4, 255, 0, 0, 0, 255, 0
  ])
})

test('a negative height turns the order of the rows', () => {
  const pixels = [...red, 0, ...green, 0]
  expect(pixelsOf({ width: 1, height: -2, depth: 24, pixels })).toEqual([2, 1, 3, 255, 0, 0, 0, 255, 0])
})

test.each([
  ['1 bit', { width: 3, height: 1, depth: 1, between: colours, pixels: [0b01000000, 0, 0, 0] }],
  ['4 bits', { width: 3, height: 1, depth: 4, between: colours, pixels: [0x01, 0x00, 0, 0] }],
  ['8 bits', { width: 3, height: 1, depth: 8, between: colours, pixels: [0, 1, 0, 0] }],
  ['32 bits', { width: 3, height: 1, depth: 32, pixels: [...red, 9, ...green, 9, ...red, 9] }],
  [
    '32 bits with the usual masks',
    {
      width: 3,
      height: 1,
      depth: 32,
      compression: 3,
      between: [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0],
      pixels: [...red, 9, ...green, 9, ...red, 9]
    }
  ]
])('%s', (_, sketch) => {
  expect(pixelsOf(sketch)).toEqual([1, 3, 3, 255, 0, 0, 0, 255, 0, 255, 0, 0])
})

describe('what cannot be decoded is undefined', () => {
  const plain = { width: 1, height: 1, depth: 24, pixels: [...red, 0] }
  test.each([
    ['cut off', bmpBytes(plain).subarray(0, -1)],
    ['no more than a signature', Buffer.from('BM')],
    ['run lengths', bmpBytes({ ...plain, depth: 8, compression: 1, between: colours })],
    [
      'unusual masks',
      bmpBytes({ ...plain, depth: 32, compression: 3, between: new Array<number>(12).fill(0) })
    ],
    ['more pixels than memory', bmpBytes({ ...plain, width: 2 ** 30, height: 2 ** 30 })],
    ['a width of nothing', bmpBytes({ ...plain, width: 0 })],
    ['a colour behind the palette', bmpBytes({ ...plain, depth: 8, between: colours, pixels: [2, 0, 0, 0] })]
  ])('%s', (_, file) => {
    expect(decodeBmp(file)).toBeUndefined()
  })
})
