import { expect, test } from 'vitest'
import { arrange, type Part } from '../../../src-main/importers/keras/graph'
import type { KerasLayer, KerasModel } from '../../../src-main/importers/keras/model'

/** A functional model out of lines such as `sum: a b`; `x*` is an input, and names that begin with `add` add. */
function modelOf(...lines: string[]): KerasModel {
  const layers = lines.map((line): KerasLayer => {
    const [name, sources = ''] = line.split(':').map((part) => part.trim())
    const className = name.startsWith('x') ? 'InputLayer' : name.startsWith('add') ? 'Add' : 'Dense'
    const calls = sources === '' ? [] : sources.split('|').map((call) => call.trim().split(' '))
    return { name, className, module: '', config: {}, calls, place: 0, builtFor: undefined }
  })
  return { isSequential: false, layers, outputs: [layers[layers.length - 1].name], inputShape: [1] }
}

/** `a b [c d | e]` for a chain with a branch: what lies on the way, and on the shortcut. */
const show = (parts: readonly Part[]): string =>
  parts
    .map((part) => ('layer' in part ? part.layer.name : `[${show(part.main)} | ${show(part.shortcut)}]`))
    .join(' ')
const problemsOf = (model: KerasModel): Record<string, string> =>
  Object.fromEntries(Array.from(arrange(model).problems, ([name, { key }]) => [name, key]))

test.each([
  ['a chain', ['x', 'a: x', 'b: a'], 'a b'],
  ['layers in another order than the file', ['x', 'b: a', 'a: x', 'c: b'], 'a b c'],
  ['a block around two layers', ['x', 'a: x', 'b: a', 'c: b', 'add: c a', 'd: add'], 'a [b c | ] d'],
  ['a block whose input is added first', ['x', 'a: x', 'add: x a'], '[a | ]'],
  ['a block with a projection', ['x', 'a: x', 'b: a', 'c: x', 'add: b c'], '[a b | c]'],
  ['blocks one behind the other', ['x', 'a: x', 'add1: a x', 'b: add1', 'add2: b add1'], '[a | ] [b | ]'],
  [
    'a block within a block that begin together',
    ['x', 'a: x', 'add1: a x', 'b: add1', 'add2: b x'],
    '[[a | ] b | ]'
  ],
  ['what the output does not need', ['x', 'a: x', 'unused: a', 'b: a'], 'a b']
])('%s is read', (_, lines, expected) => {
  const { parts, problems } = arrange(modelOf(...lines))
  expect({ text: show(parts), problems: Array.from(problems) }).toEqual({ text: expected, problems: [] })
})

test.each<[string, string[], Record<string, string>]>([
  ['a concatenation', ['x', 'a: x', 'b: x', 'c: a b'], { c: 'import.why.merge' }],
  ['three addends', ['x', 'a: x', 'b: x', 'add: a b x'], { add: 'import.why.merge' }],
  ['twice the same', ['x', 'a: x', 'add: a a'], { add: 'import.why.merge' }],
  [
    'a second input',
    ['x', 'x2', 'a: x', 'b: x2', 'add: a b'],
    { x2: 'import.why.secondInput', add: 'import.why.branches' }
  ],
  ['a shared layer', ['x', 'a: x | x', 'b: a'], { a: 'import.why.shared' }],
  [
    'branches that cross',
    ['x', 'a: x', 'b: x', 'add1: a b', 'c: b', 'add2: add1 c'],
    { b: 'import.why.branches' }
  ],
  ['a circle', ['x', 'a: b', 'b: a'], { b: 'import.why.noPath' }],
  ['a source that is not there', ['x', 'a: gone'], { a: 'import.why.noPath' }]
])('%s is named', (_, lines, expected) => {
  expect(problemsOf(modelOf(...lines))).toEqual(expected)
})

test('a second output is named', () => {
  const model = { ...modelOf('x', 'a: x', 'b: a'), outputs: ['b', 'a'] }
  expect(problemsOf(model)).toEqual({ a: 'import.why.secondOutput' })
})

test('a sequential model is a chain as it stands', () => {
  const model = { ...modelOf('x', 'a', 'b'), isSequential: true }
  expect(show(arrange(model).parts)).toBe('a b')
})

test('a long chain needs no deep stack', () => {
  const lines = Array.from(
    { length: 1999 },
    (_, index) => `l${index}: ${index === 0 ? 'x' : `l${index - 1}`}`
  )
  expect(arrange(modelOf('x', ...lines)).parts).toHaveLength(1999)
})
