import { expect, test } from 'vitest'
import { shortened, tableLines } from '../../../src-main/shells/terminal/width'

test.each([
  ['what fits stays', 'a note', 6, 'a note'],
  ['what does not fit ends with a mark', 'a longer note', 8, 'a longe…'],
  ['a space before the mark goes', 'a note of mine', 8, 'a note…'],
  ['Chinese takes two columns', '学习率太高了', 8, '学习率…'],
  ['only the first line is told', 'first\nsecond', 20, 'first…'],
  ['empty lines around it do not count', '\n note \n', 20, 'note'],
  ['nothing steers the terminal', 'a\u001b[31m\u0007b', 20, 'a [31m b']
])('%s', (_, text, width, expected) => {
  expect(shortened(text, width)).toBe(expected)
})

test('columns of a table stand under one another in any script', () => {
  expect(
    tableLines([
      ['名称', 'b'],
      ['abc', 'd']
    ])
  ).toEqual(['名称  b', 'abc   d'])
})
