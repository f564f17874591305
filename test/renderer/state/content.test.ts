import { describe, expect, test } from 'vitest'
import {
  cardsOf,
  contentOf,
  moved,
  readAt,
  readContent,
  removeAt,
  withCards,
  writeAt
} from '../../../src-renderer/state/content'
import { presets } from '../fake-workbench'

const content = contentOf(presets[0].experiment)
const clip = { use: 'clipByGlobalNorm', max: 1 }

describe('the steps of the chain', () => {
  const cards = cardsOf(content)
  const off = withCards(content, [{ ...cards[0], on: false }, cards[1]])

  test('that are switched off are no part of the experiment, and keep their place among the others', () => {
    expect([
      off.experiment.gradients.map(({ use }) => use),
      cardsOf(off).map(({ on, path }) => [on, path])
    ]).toEqual([
      ['adam'],
      [
        [false, 'off.0.step'],
        [true, 'gradients.0']
      ]
    ])
  })

  test('are the same again when they are switched on', () => {
    const on = withCards(
      off,
      cardsOf(off).map(({ step }) => ({ step, on: true }))
    )
    expect(on).toEqual(content)
  })

  test('can be edited while they are switched off', () => {
    const edited = writeAt(off, 'off.0.step.max', 5)
    expect([readAt(edited, 'off.0.step.max'), edited.experiment]).toEqual([5, off.experiment])
  })
})

test('a value is written, read and removed by its path', () => {
  const written = writeAt(content, 'model.layers.3.name', 'hidden')
  const removed = removeAt(written, 'model.layers.3.name')
  expect([readAt(written, 'model.layers.3.name'), removed]).toEqual(['hidden', content])
})

test('a key of the experiment itself can be removed', () => {
  expect(removeAt(writeAt(content, 'extra', 1), 'extra')).toEqual(content)
})

test('an item that is moved stands at its new place', () => {
  expect([moved(['a', 'b', 'c'], 0, 2), moved(['a', 'b', 'c'], 2, 0)]).toEqual([
    ['b', 'c', 'a'],
    ['c', 'a', 'b']
  ])
})

describe('a draft that was saved', () => {
  test('is taken up as it was, wrong values and switched-off steps included', () => {
    const saved = { ...writeAt(content, 'model.layers.0.filters', 'abc'), off: [{ before: 0, step: clip }] }
    expect(readContent(JSON.parse(JSON.stringify(saved)))).toEqual(saved)
  })

  test.each([
    ['nothing', null],
    ['no experiment', { off: [] }],
    ['an unknown layer', writeAt(content, 'model.layers.0.use', 'telepathy')],
    ['a chain that is no list', writeAt(content, 'gradients', 'adam')]
  ])('is left alone where it holds %s, because no form could show it', (_, saved) => {
    expect(readContent(saved)).toBeUndefined()
  })
})

test.each(['clean', 'prepare', 'augment', 'faults'])(
  'a saved draft with a word that %s does not know is not taken up',
  (list) => {
    const sound = contentOf(presets[0].experiment)
    const { experiment } = sound
    const data = { ...experiment.data, [list]: [{ use: 'unheardOf' }] }
    expect(readContent(sound)).toEqual(sound)
    expect(readContent({ ...sound, experiment: { ...experiment, data } })).toBeUndefined()
  }
)
