import { expect, test } from 'vitest'
import { describeTarget } from '../../../../src-renderer/views/data/mixture'

test.each([
  [[2], ['cat', 'dog', 'fox'], 'fox'],
  [[0, 1, 0], ['cat', 'dog', 'fox'], 'dog'],
  [[0.25, 0.75, 0], ['cat', 'dog', 'fox'], '75% dog + 25% cat'],
  [[1.5, -2], undefined, '1.5, -2']
])('%j of %j counts as “%s”', (target, classes, text) => {
  expect(describeTarget(target, classes)).toBe(text)
})
