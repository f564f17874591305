import { describe, expect, test } from 'vitest'
import { expandStudy, parseStudy, type PlannedStudy } from '#contract/expand-study'
import { Failure } from '#contract/failure'
import type { StudyInput } from '#contract/study'

const base = {
  version: 1,
  name: 'base',
  seed: 5,
  data: { source: { use: 'digits' } },
  model: {
    layers: [
      { use: 'flatten' },
      { use: 'dense', units: 8, activation: 'relu' },
      { use: 'residual', layers: [{ use: 'dense', units: 8, activation: 'relu' }] },
      { use: 'dense', units: 10 }
    ]
  },
  loss: { use: 'softmaxCrossEntropy' },
  gradients: [{ use: 'sgd', rate: 0.1 }],
  training: { batchSize: 32, steps: 3 }
}
const activation = {
  name: 'activation',
  cases: [
    { label: 'ReLU', set: { 'model.layers.*.activation': 'relu' } },
    { label: 'tanh', set: { 'model.layers.*.activation': 'tanh' } }
  ]
}
const depth = {
  name: 'depth',
  cases: [{ label: '1' }, { label: '3', repeat: { 'model.layers.1': 3 } }]
}

const expand = (changed: Partial<StudyInput>): PlannedStudy =>
  expandStudy(parseStudy({ version: 1, name: 'both', base, vary: [activation, depth], ...changed }), base)
const refusal = (act: () => unknown): Failure => {
  try {
    act()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a study', () => {
  test('has the product of its axes as cells, the last one changing fastest, each with a name of its own', () => {
    const { cells } = expand({})
    expect(cells.map(({ labels, experiment }) => [labels, experiment.name])).toEqual([
      [{ activation: 'ReLU', depth: '1' }, 'both: ReLU, 1'],
      [{ activation: 'ReLU', depth: '3' }, 'both: ReLU, 3'],
      [{ activation: 'tanh', depth: '1' }, 'both: tanh, 1'],
      [{ activation: 'tanh', depth: '3' }, 'both: tanh, 3']
    ])
  })

  test('sets an option in every layer that writes it, in those inside others too, and in no other', () => {
    const { layers } = expand({}).cells[3].experiment.model
    expect(layers.map((layer) => [layer.use, 'activation' in layer ? layer.activation : undefined])).toEqual([
      ['flatten', undefined],
      ['dense', 'tanh'],
      ['dense', 'tanh'],
      ['dense', 'tanh'],
      ['residual', undefined],
      ['dense', undefined]
    ])
    expect(layers[4]).toMatchObject({ layers: [{ activation: 'tanh' }] })
  })

  test('applies the cases in the order of the axes, so that the last word about a place counts', () => {
    const rate = (label: string, to: number) => ({
      name: label,
      cases: [{ label, set: { 'gradients.0.rate': to } }]
    })
    const { cells } = expand({ vary: [rate('first', 1), rate('second', 2)] })
    expect(cells.map(({ experiment }) => experiment.gradients)).toMatchObject([[{ rate: 2 }]])
  })

  test('counts its seeds from that of the base, or has those that it names', () => {
    expect(expand({}).seeds).toEqual([5, 6, 7])
    expect(expand({ seeds: 1 }).seeds).toEqual([5])
    expect(expand({ seeds: [9, 4] }).seeds).toEqual([9, 4])
  })

  test('leaves its base as it is', () => {
    const before = JSON.stringify(base)
    expand({})
    expect(JSON.stringify(base)).toBe(before)
  })
})

describe('what cannot be a study is refused with the place', () => {
  const alone = (cases: StudyInput['vary'][number]['cases']): Partial<StudyInput> => ({
    vary: [{ name: 'axis', cases }]
  })
  test.each<[string, Partial<StudyInput>, object]>([
    ['no axis', { vary: [] }, { key: 'experiment.empty', values: { path: 'vary' } }],
    ['an empty axis', alone([]), { key: 'experiment.empty', values: { path: 'vary.0.cases' } }],
    [
      'a label that stands there twice',
      alone([{ label: 'a' }, { label: 'a' }]),
      { key: 'study.twice', values: { path: 'vary.0.cases.1.label', text: 'a' } }
    ],
    [
      'two axes of one name',
      { vary: [depth, depth] },
      { key: 'study.twice', values: { path: 'vary.1.name', text: 'depth' } }
    ],
    [
      'a seed that stands there twice',
      { seeds: [1, 1] },
      { key: 'study.twice', values: { path: 'seeds.1' } }
    ],
    [
      'a place that is not there',
      alone([{ label: 'a', set: { 'gradients.4.rate': 1 } }]),
      { key: 'study.badPath', values: { at: 'vary.0.cases.0.set', path: 'gradients.4.rate' } }
    ],
    [
      'an option that no layer writes',
      alone([{ label: 'a', set: { 'model.layers.*.initializer': { use: 'zeros' } } }]),
      { key: 'study.noLayerHas', values: { path: 'model.layers.*.initializer', option: 'initializer' } }
    ],
    [
      'a layer that is not there to be repeated',
      alone([{ label: 'a', repeat: { 'model.layers.9': 2 } }]),
      { key: 'study.badPath', values: { at: 'vary.0.cases.0.repeat', path: 'model.layers.9' } }
    ],
    [
      'an unknown key',
      { vary: [{ ...depth, case: [] } as never] },
      { key: 'experiment.unknownKey', values: { path: 'vary.0.case', nearest: 'cases' } }
    ],
    ['a seed count of 0', { seeds: 0 }, { key: 'experiment.notAbove', values: { path: 'seeds' } }]
  ])('%s', (_, changed, expected) => {
    expect(refusal(() => expand(changed))).toMatchObject(expected)
  })

  test('an experiment that is refused, with its cell and what is wrong with it', () => {
    const failure = refusal(() =>
      expand({
        vary: [
          activation,
          { name: 'optimizer', cases: [{ label: 'none', set: { gradients: [{ use: 'sdg' }] } }] }
        ]
      })
    )
    expect(failure.message).toMatch(
      /^The cell “activation = ReLU, optimizer = none” is refused: gradients\.0\.use: “sdg” is not known; the nearest word is “sgd”/
    )
  })
})
