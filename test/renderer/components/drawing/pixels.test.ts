import { expect, test } from 'vitest'
import {
  brightnessRange,
  pictureShape,
  pixelsOf,
  seriesShape,
  valuesOfPixels
} from '../../../../src-renderer/components/drawing/pixels'

test('three dimensions with one or three channels are a picture, two are a series', () => {
  const shapes = [[28, 28, 1], [32, 32, 3], [8, 8, 2], [100, 2], [4]]
  expect(shapes.map((shape) => [pictureShape(shape)?.channels, seriesShape(shape)?.steps])).toEqual([
    [1, undefined],
    [3, undefined],
    [undefined, undefined],
    [undefined, 100],
    [undefined, undefined]
  ])
})

const red = [200, 0, 0, 255]
const grey = [90, 90, 90, 255]
const shape = { height: 1, width: 2 }

test('a colour picture keeps its bytes, and back they are the same pixels', () => {
  const pixels = Uint8ClampedArray.from([...red, ...grey])
  const colour = { ...shape, channels: 3 } as const
  const values = valuesOfPixels(pixels, colour, brightnessRange('uint8', [7, 250]))
  expect([[...values], [...pixelsOf(values, colour, [0, 255]).data]]).toEqual([
    [200, 0, 0, 90, 90, 90],
    [...pixels]
  ])
})

test('a model of one channel gets the brightness', () => {
  const pixels = Uint8ClampedArray.from([...red, ...grey])
  expect([...valuesOfPixels(pixels, { ...shape, channels: 1 }, [0, 255])]).toEqual([60, 90])
})

test('numbers that are no bytes get the range of the data', () => {
  const pixels = Uint8ClampedArray.from([0, 0, 0, 255, 255, 255, 255, 255])
  const range = brightnessRange('float32', [-1, 1])
  expect([...valuesOfPixels(pixels, { ...shape, channels: 1 }, range)]).toEqual([-1, 1])
})
