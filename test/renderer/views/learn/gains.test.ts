import { expect, test } from 'vitest'
import { gains, theory } from '../../../../src-renderer/views/learn/gains'

test('theory lets sigmoid explode only above a gain of about 10, and ReLU above that of He', () => {
  const { rows, border } = theory()
  const relu = rows.find(({ activation }) => activation === 'relu')
  expect([border.toFixed(2), relu?.factors[gains.indexOf(Math.SQRT2)].toFixed(3)]).toEqual(['10.15', '1.000'])
})

test('at every gain sigmoid multiplies by less than tanh and ReLU', () => {
  const [sigmoid, tanh, relu] = theory().rows.map(({ factors }) => factors)
  expect(sigmoid.filter((factor, index) => factor >= tanh[index] || factor >= relu[index])).toEqual([])
})
