import { expect, test } from 'vitest'
import {
  areShares,
  featuresOf,
  largestOf,
  rasterOf,
  withStroke
} from '../../../../src-renderer/views/trial/features'

const field = { height: 28, width: 28, channels: 1 } as const
const stroke = [
  { x: 0.3, y: 0.3, radius: 0.04 },
  { x: 0.7, y: 0.7, radius: 0.04 }
]
const sample = {
  part: 'test',
  index: 3,
  targets: [7],
  features: new Float32Array(784).fill(9, 300, 320)
} as const

test('an empty sheet has nothing to ask about', () => {
  const sheet = { strokes: [] }
  expect(featuresOf(sheet, rasterOf(sheet, field, [0, 255]), field, [0, 255])).toBe(undefined)
})

test('a sample goes to the model as it is stored', () => {
  const sheet = { sample, strokes: [] }
  expect(featuresOf(sheet, rasterOf(sheet, field, [0, 255]), field, [0, 255])).toBe(sample.features)
})

test('a picture goes to the model as it was brought to the form of a sample', () => {
  const features = new Float32Array(784).fill(3)
  const sheet = { picture: { name: 'three.png', features }, strokes: [] }
  const raster = rasterOf(sheet, field, [0, 3])
  expect([featuresOf(sheet, raster, field, [0, 3]), raster.values.every((ink) => ink === 255)]).toEqual([
    features,
    true
  ])
})

test('a stroke over a sample is prepared together with it', () => {
  const sheet = { sample, strokes: [stroke] }
  const both = featuresOf(sheet, rasterOf(sheet, field, [0, 9]), field, [0, 9])
  const alone = featuresOf(
    { strokes: [stroke] },
    rasterOf({ strokes: [stroke] }, field, [0, 9]),
    field,
    [0, 9]
  )
  expect(both).not.toEqual(alone)
})

test('ink is brought into the range of the data', () => {
  const sheet = { strokes: [stroke] }
  const features = featuresOf(sheet, rasterOf(sheet, field, [-1, 1]), field, [-1, 1]) ?? []
  expect([Math.min(...features), Math.max(...features)]).toEqual([-1, 1])
})

test('a stroke that is being drawn leaves the sheet below it as it was', () => {
  const below = rasterOf({ strokes: [] }, field, [0, 255])
  const above = withStroke(below, stroke)
  expect([below.values.some(Boolean), above.values.some(Boolean)]).toEqual([false, true])
})

test('outputs are told apart from probabilities', () => {
  expect([
    areShares(Float32Array.of(0.2, 0.8)),
    areShares(Float32Array.of(2, -1)),
    largestOf([1, 5, 3])
  ]).toEqual([true, false, 1])
})
