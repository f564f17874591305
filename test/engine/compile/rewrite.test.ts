import { expect, test } from 'vitest'
import type { RecordedOperation } from '../../../src-main/engine/compile/record'
import { maskBeforePooling } from '../../../src-main/engine/compile/rewrite'

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
