import { expect, test } from 'vitest'
import { divide } from '../../src-main/datasets/divide'

const order = Uint32Array.of(4, 2, 0, 5, 1, 3)

test('the first samples of an order are taken, as many as the share says', () => {
  expect(divide(order, 0.5)).toEqual({ taken: Uint32Array.of(4, 2, 0), rest: Uint32Array.of(5, 1, 3) })
  expect(divide(order, 0)).toEqual({ taken: Uint32Array.of(), rest: order })
})

test('a share of less than one sample takes one', () => {
  expect(divide(order, 0.01).taken).toEqual(Uint32Array.of(4))
  expect(divide(order, 0.01, Int32Array.of(0, 1, 0, 1, 0, 1)).taken.length).toBe(1)
})

test('of each class the first samples are taken, and the others stay in their order', () => {
  const labels = Int32Array.of(0, 1, 0, 1, 1, 0)
  expect(divide(order, 1 / 3, labels)).toEqual({
    taken: Uint32Array.of(4, 2),
    rest: Uint32Array.of(0, 5, 1, 3)
  })
})

test('a class of one sample leaves the larger ones their share', () => {
  const labels = Int32Array.of(0, 0, 0, 0, 0, 7)
  const { taken } = divide(order, 0.5, labels)
  expect(Array.from(taken, (index) => labels[index]).sort()).toEqual([0, 0, 0])
})
