import { expect, test } from 'vitest'
import { errorRows, numbersAt } from '../../../../src-renderer/views/trial/error-rows'

const answers = {
  samples: [4, 7, 9],
  actual: Float32Array.of(1, 10, 2, 20, 3, 30),
  predicted: Float32Array.of(1.5, 10, 2, 50, 1, NaN)
}

test('one number of each target is taken out', () => {
  expect(numbersAt(answers, 2, 1)).toEqual({
    actual: Float32Array.of(10, 20, 30),
    predicted: Float32Array.of(10, 50, NaN)
  })
})

test('the largest errors come first, whatever their sign', () => {
  expect(errorRows(answers, 2, 0)).toEqual([
    { sample: 9, actual: 3, predicted: 1, error: -2 },
    { sample: 4, actual: 1, predicted: 1.5, error: 0.5 },
    { sample: 7, actual: 2, predicted: 2, error: 0 }
  ])
})

test('what is no number at all is the largest error', () => {
  expect(errorRows(answers, 2, 1).map(({ sample }) => sample)).toEqual([9, 7, 4])
})

test('an order that was made elsewhere stays', () => {
  expect(errorRows(answers, 2, 0, 'asGiven').map(({ sample }) => sample)).toEqual([4, 7, 9])
})
