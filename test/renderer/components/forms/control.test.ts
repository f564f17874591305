import { experiment } from '#contract/experiment'
import { vocabulary } from '#contract/vocabulary'
import { describe, expect, test } from 'vitest'
import { optionOf, optionsOf, type Option } from '../../../../src-renderer/components/forms/control'
import { labelOf, helpOf } from '../../../../src-renderer/components/forms/form'
import { refuse } from '../../../../src-renderer/components/forms/refuse'
import { startOf } from '../../../../src-renderer/components/forms/start'
import { readTyped, writeTyped } from '../../../../src-renderer/components/forms/typed'
import { isMessageKey, say } from '#contract/messages'
import { z } from 'zod'

const words = Object.values(vocabulary).flatMap((group) => Object.entries(group))
const cases = words.map(([use, schema]) => ({ use, schema, options: optionsOf(schema) }))
const english = (key: Parameters<typeof say>[1]): string => say('en', key)

interface Place {
  path: string
  option: Option
}
/** An option of the experiment with those inside it; lists of words have views of their own. */
const placesIn = (option: Option, path: string): Place[] => {
  const { name, control } = option
  const at = path === '' ? name : `${path}.${name}`
  if (['version', 'weights', 'layers', 'gradients'].includes(name)) return []
  if (control.kind !== 'record') return [{ path: at, option }]
  const inside = control.options.flatMap((each) => placesIn(each, at))
  // The frame of an experiment has headings, and no fields.
  return ['data', 'model', 'training'].includes(at) ? inside : [{ path: at, option }, ...inside]
}

const candidates: unknown[] = [
  undefined,
  '',
  'abc',
  'same',
  'relu',
  'a name',
  'x'.repeat(300),
  true,
  NaN,
  Infinity,
  -1,
  -0.5,
  0,
  1e-9,
  0.5,
  0.999,
  1,
  1.5,
  2,
  3,
  1e300,
  [3, 5],
  [3, 0],
  [3],
  [1, 2, 3]
]

describe.each(cases)('$use', ({ use, schema, options }) => {
  test('has a fitting control for each of its options', () => {
    expect(options.filter(({ control }) => control.kind === 'json')).toEqual([])
  })

  test('starts with values that can be used', () => {
    const started = startOf(use, options)
    const typed = options.filter(({ control }) => control.kind === 'text' && control.shortest > 0)
    const missing = typed.filter(({ optional }) => !optional).map(({ name }) => name)
    const result = schema.safeParse(started)
    // Only what nobody but the user can know, such as the name of a file, may be wrong.
    expect(
      result.success ? [] : result.error.issues.map(({ path }: { path: PropertyKey[] }) => path[0])
    ).toEqual(missing)
  })

  test('refuses at the field exactly what the experiment would refuse', () => {
    const wrong = options.flatMap((option) =>
      candidates
        .filter((value) => (refuse(option, value) === undefined) !== option.accepts(value))
        .map((value) => `${option.name}: ${JSON.stringify(value)}`)
    )
    expect(wrong).toEqual([])
  })
})

describe('the places of an experiment', () => {
  const known = optionsOf(experiment).flatMap((option) => placesIn(option, ''))

  test('are found at every depth', () => {
    expect(known.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'seed',
        'guard.nonFinite',
        'engine.use',
        'data.limit.train',
        'data.augment',
        'model.initialize',
        'training.stopEarly.patience'
      ])
    )
  })

  test('have a label and a line of help', () => {
    const keys = known.flatMap(({ path }) => [`editor.place.${path}`, `editor.place.${path}.help`])
    expect(keys.filter((key) => !isMessageKey(key))).toEqual([])
  })

  test('and the options of words have a text for each value that can be chosen', () => {
    const options = [...known.map(({ option }) => option), ...cases.flatMap((each) => each.options)]
    const values = options.flatMap(({ control }) => (control.kind === 'choice' ? control.values : []))
    const untold = values.filter(
      (value) => !isMessageKey(`editor.value.${value}`) && !isMessageKey(`vocabulary.${value}`)
    )
    expect(untold).toEqual([])
  })
})

test('every option of every word can be named and explained', () => {
  const texts = cases.flatMap(({ use, options }) =>
    options.flatMap(({ name }) => [labelOf(english, '', use, name), helpOf(english, '', use, name)])
  )
  expect(texts.filter((text) => text === '')).toEqual([])
})

test('an option that may change while a run goes on is known as such', () => {
  const live = cases.flatMap(({ use, options }) =>
    options.filter((each) => each.live).map(({ name }) => `${use}.${name}`)
  )
  expect(live).toContain('clipByGlobalNorm.max')
  expect(live).toContain('dropout.rate')
  expect(live).not.toContain('adam.beta1')
})

test('a kind of schema that has no control of its own is typed as JSON', () => {
  const option = optionOf('anything', z.record(z.string(), z.number()))
  expect([option.control.kind, refuse(option, '[')?.key]).toEqual(['json', 'editor.refuse.json'])
})

test('a list of words is drawn as one, however deep, and refused where too few stand in it', () => {
  const chain = optionOf('gradients', experiment.shape.gradients)
  const inside = optionsOf(vocabulary.layers.residual).find(({ name }) => name === 'layers') as Option
  const kinds = [chain, inside].map(({ control }) => control.kind)
  expect(kinds).toEqual(['words', 'words'])
  expect(inside.control.kind === 'words' && Object.keys(inside.control.words())).toEqual(
    expect.arrayContaining(['dense', 'residual'])
  )
  expect(refuse(inside, [])).toEqual({ key: 'editor.refuse.words', values: { least: 1 } })
  expect(refuse(inside, [{ use: 'dense' }])).toBeUndefined()
})

test('weights of classes are a word, or numbers that are typed with commas', () => {
  const { classWeights } = experiment.shape.data.shape
  const option = optionOf('classWeights', classWeights)
  if (option.control.kind !== 'either') throw new Error(`it is drawn as ${option.control.kind}`)
  expect([option.control.values, writeTyped(option.control.list, [1, 2.5])]).toEqual([['balanced'], '1, 2.5'])
  expect(readTyped(option.control.list, '1, 2.5')).toEqual([1, 2.5])
  expect([refuse(option, 'balanced'), refuse(option, [1, -1])?.key, refuse(option, 'other')?.key]).toEqual([
    undefined,
    'editor.refuse.tooSmall',
    'editor.refuse.numbers'
  ])
})
