import { expect, test } from 'vitest'
import { nearestPair, scatterScale } from '../../../../src-renderer/components/drawing/paint-scatter'

const pairs = { actual: [0, 5, 10, NaN], predicted: [0, 9, 2, 4] }
const scale = scatterScale(pairs, { width: 400, height: 300 })

test('both axes are the same, so that truth is a diagonal through a square', () => {
  const { area, place } = scale
  const [low, high] = [place(0, 0), place(10, 10)]
  expect([area.right - area.left, area.bottom - area.top]).toEqual([252, 252])
  expect(high.x - low.x).toBeCloseTo(low.y - high.y, 9)
})

test('a place beside a point finds it, and one far from all finds none', () => {
  const { x, y } = scale.place(5, 9)
  expect([
    nearestPair(pairs, scale, { x: x + 3, y: y - 2 }),
    nearestPair(pairs, scale, { x: x + 60, y: y + 60 })
  ]).toEqual([1, undefined])
})
