import { expect, test } from 'vitest'
import type { RecordedConstant, RecordedOperation } from '../../../src-main/engine/compile/record'
import { maskBeforePooling, rewrite, sumBeforePooling } from '../../../src-main/engine/compile/rewrite'

const operation = (op: string, inputs: number[], output: number): RecordedOperation => ({
  kind: 'operation',
  op,
  attributes: [{ name: op, type: 0, value: 0 }],
  inputs,
  outputs: [{ id: output, shape: [], dtype: 1 }]
})
const [x, y, dy, between, result, other] = [1, 2, 3, 4, 5, 6]
const pooling = operation('MaxPoolGrad', [x, y, dy], between)
const mask = operation('ReluGrad', [between, x], result)

test('the gradient of a ReLU moves in front of that of the pooling behind it', () => {
  expect(maskBeforePooling([pooling, mask])).toEqual([
    operation('ReluGrad', [dy, y], between),
    operation('MaxPoolGrad', [x, y, between], result)
  ])
})

test.each([
  ['who else uses what the pooling gives', [pooling, mask, operation('Neg', [between], other)]],
  ['a ReLU of something else', [pooling, operation('ReluGrad', [between, y], result)]],
  ['another pooling', [operation('AvgPoolGrad', [x, y, dy], between), mask]]
])('it stays where it is with %s', (_, entries) => {
  expect(maskBeforePooling(entries)).toEqual(entries)
})

const axes = 9
const places: RecordedConstant = {
  kind: 'constant',
  id: axes,
  shape: [3],
  type: 3,
  values: Int32Array.of(0, 1, 2)
}
const total = operation('Sum', [result, axes], other)

test('a sum over all places is taken of what a pooling spreads, behind the ReLU', () => {
  expect(rewrite([pooling, mask, places, total])).toEqual([
    operation('ReluGrad', [dy, y], between),
    operation('MaxPoolGrad', [x, y, between], result),
    places,
    operation('Sum', [between, axes], other)
  ])
})

test('a sum over something else is left alone', () => {
  const channels = { ...places, values: Int32Array.of(0, 3) }
  const spread = operation('MaxPoolGrad', [x, y, dy], result)
  expect(sumBeforePooling([spread, channels, total])).toEqual([spread, channels, total])
})
