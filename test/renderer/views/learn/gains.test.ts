import { meanFieldMultiplier } from '#contract/mean-field'
import { expect, test } from 'vitest'
import { gainRows, gains, SIGMOID_BORDER } from '../../../../src-renderer/views/learn/gains'

test('what is told is what the theory gives, to five digits', () => {
  const worked = gainRows.map(({ activation }) => ({
    activation,
    factors: gains.map((gain) => Number(meanFieldMultiplier(activation, gain)?.toPrecision(5)))
  }))
  expect(gainRows).toEqual(worked)
})

test('sigmoid explodes only above a gain of about 10, and ReLU above that of He', () => {
  const around = [SIGMOID_BORDER, SIGMOID_BORDER + 1e-3].map((gain) => meanFieldMultiplier('sigmoid', gain))
  const relu = gainRows.find(({ activation }) => activation === 'relu')
  expect([around.map((factor) => (factor ?? NaN) > 1), relu?.factors[gains.indexOf(Math.SQRT2)]]).toEqual([
    [false, true],
    1
  ])
})

test('at every gain sigmoid multiplies by less than tanh and ReLU', () => {
  const [sigmoid, tanh, relu] = gainRows.map(({ factors }) => factors)
  expect(sigmoid.filter((factor, index) => factor >= tanh[index] || factor >= relu[index])).toEqual([])
})
