import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { randomFrom } from '#contract/random'
import { decodePlainPng } from '../../../../src-main/datasets/readers/images/png'
import { pngBytes, tinyPng } from '../../../fixtures/png'

const random = randomFrom('png')
const bytes = (count: number): number[] => Array.from({ length: count }, () => Math.floor(256 * random()))
const lines = (height: number, width: number): number[][] =>
  Array.from({ length: height }, () => bytes(width))

/** What the library that decodes everything else makes of the same file, on white. */
async function bySharp(file: Buffer): Promise<number[]> {
  const { data } = await sharp(file)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return [...data]
}
/** A decoded picture with three channels. */
const inColour = (picture: ReturnType<typeof decodePlainPng>): number[] | undefined =>
  picture &&
  [...picture.pixels].flatMap((value) => (picture.channels === 1 ? [value, value, value] : [value]))

const alpha = new Uint8Array([0, 255, 128])
const palette = Uint8Array.from(bytes(12))
test.each([
  ['gray', { width: 7, height: 5, lines: lines(5, 7) }],
  ['gray, every filter', { width: 7, height: 5, lines: lines(5, 7), filters: [0, 1, 2, 3, 4] }],
  ['gray of 1 bit', { width: 11, height: 3, depth: 1, lines: lines(3, 2) }],
  ['gray of 2 bits', { width: 5, height: 3, depth: 2, lines: lines(3, 2) }],
  ['gray of 4 bits', { width: 5, height: 3, depth: 4, lines: lines(3, 3), filters: [4, 3, 1] }],
  ['colour', { width: 4, height: 5, colour: 2, lines: lines(5, 12), filters: [4, 1, 2, 3, 4] }],
  ['palette', { width: 5, height: 2, depth: 2, colour: 3, lines: lines(2, 2), chunks: [['PLTE', palette]] }],
  [
    'palette with transparency',
    {
      width: 8,
      height: 2,
      depth: 2,
      colour: 3,
      lines: lines(2, 2),
      chunks: [
        ['PLTE', palette],
        ['tRNS', alpha]
      ]
    }
  ],
  ['gray with alpha', { width: 6, height: 3, colour: 4, lines: lines(3, 12), filters: [3, 2, 4] }],
  ['colour with alpha', { width: 6, height: 3, colour: 6, lines: lines(3, 24), filters: [1, 4, 3] }]
] as const)('%s is decoded as the library decodes it', async (_, sketch) => {
  const file = pngBytes(sketch as never)
  const expected = await bySharp(file)
  const found = inColour(decodePlainPng(file)) ?? []
  expect(found).toHaveLength(expected.length)
  // Rounding of transparency may differ by one.
  expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i])))).toBeLessThanOrEqual(1)
})

test('height, width and channels are told apart', () => {
  expect(decodePlainPng(pngBytes({ width: 1, height: 2, lines: [[5], [9]] }))).toEqual({
    height: 2,
    width: 1,
    channels: 1,
    pixels: Uint8Array.from([5, 9])
  })
})

describe('what is not plain is left to the library', () => {
  const whole = pngBytes({ width: 4, height: 4, lines: lines(4, 4) })
  const changed = (at: number): Buffer => {
    const file = Buffer.from(whole)
    file[at] ^= 1
    return file
  }
  test.each([
    ['16 bits', pngBytes({ width: 2, height: 1, depth: 16, lines: [bytes(4)] })],
    [
      'turned by EXIF',
      pngBytes({ width: 1, height: 1, lines: [[1]], chunks: [['eXIf', new Uint8Array(8)]] })
    ],
    [
      'a transparent gray',
      pngBytes({ width: 1, height: 1, lines: [[1]], chunks: [['tRNS', new Uint8Array(2)]] })
    ],
    ['a palette that is missing', pngBytes({ width: 1, height: 1, colour: 3, lines: [[0]] })],
    [
      'an entry behind the palette',
      pngBytes({ width: 1, height: 1, colour: 3, lines: [[4]], chunks: [['PLTE', palette]] })
    ],
    ['an unknown filter', pngBytes({ width: 1, height: 1, lines: [[1]], filters: [5] })],
    ['fewer lines than it claims', pngBytes({ width: 2, height: 3, lines: [[1, 2]] })],
    ['more lines than it claims', pngBytes({ width: 1, height: 1, lines: [[1], [2]] })],
    ['cut off', whole.subarray(0, -20)],
    ['a changed header', changed(20)],
    ['changed pixels', changed(45)],
    ['no PNG', Buffer.from('hello')]
  ])('%s', (_, file) => {
    expect(decodePlainPng(file)).toBeUndefined()
  })

  test('interlaced', async () => {
    const file = await sharp(tinyPng(1)).png({ progressive: true }).toBuffer()
    expect(decodePlainPng(file)).toBeUndefined()
  })
})
