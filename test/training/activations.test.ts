import { describe, expect, test } from 'vitest'
import { fitActivations, type Activation } from '../../src-main/training/activations'

/** An activation whose values are their places. */
const counting = (layer: string, shape: number[]): Activation => ({
  layer,
  shape,
  values: Float32Array.from({ length: shape.reduce((size, length) => size * length, 1) }, (_, i) => i)
})
const sizes = (activations: Activation[]): Record<string, number[]> =>
  Object.fromEntries(activations.map(({ layer, shape }) => [layer, shape]))

test('what fits stays as it is', () => {
  const all = [counting('maps', [3, 4, 5]), counting('vector', [7])]
  expect(fitActivations(all, 67)).toEqual(all)
})

test('of many units and channels the first ones stay', () => {
  const [vector, maps] = fitActivations([counting('vector', [1500]), counting('maps', [1, 2, 40])], 1e6)
  expect(vector).toEqual(counting('vector', [1024]))
  expect(maps.shape).toEqual([1, 2, 32])
  expect(Array.from(maps.values)).toEqual(
    [0, 40].flatMap((start) => Array.from({ length: 32 }, (_, i) => start + i))
  )
})

describe('what does not fit', () => {
  test('leaves small ones whole and shares the rest evenly among the large ones, in order', () => {
    const all = [
      counting('a', [10, 10, 8]),
      counting('b', [100]),
      counting('c', [5]),
      counting('d', [10, 10, 8])
    ]
    expect(sizes(fitActivations(all, 505))).toEqual({ a: [10, 10, 2], b: [100], c: [5], d: [10, 10, 2] })
  })

  test('loses every second row and column where not even one channel has room', () => {
    expect(fitActivations([counting('maps', [3, 4, 2])], 5)).toEqual([
      { layer: 'maps', shape: [2, 2, 1], values: Float32Array.of(0, 4, 16, 20) }
    ])
  })

  test.each([5, 37, 400, 14_000])('holds at most %i numbers together', (budget) => {
    const shapes = [[28, 28, 40], [7, 9, 3], [200, 300, 2], [9000], [3]]
    const fitted = fitActivations(
      shapes.map((shape, index) => counting(`${index}`, shape)),
      budget
    )
    expect(fitted.reduce((sum, { values }) => sum + values.length, 0)).toBeLessThanOrEqual(budget)
    expect(fitted.every(({ shape, values }) => values.length === shape.reduce((a, b) => a * b, 1))).toBe(true)
  })
})
