import { describe, expect, test } from 'vitest'
import type { DataColumn } from '#contract/dataset'
import type { ExperimentInput } from '#contract/experiment'
import { randomFrom } from '#contract/random'
import { openParts } from '../../../src-main/datasets/parts'
import { fitPreparation, preparedShape } from '../../../src-main/datasets/preparation'
import { prepareSamples } from '../../../src-main/datasets/preparation/apply'
import type { PreparedHandle } from '../../../src-main/datasets/prepared'
import { datasetOf, experimentOn, handleOf, samplesOf } from '../../fixtures/dataset'

type Data = Partial<ExperimentInput['data']>
const fit = (source: PreparedHandle, data: Data = {}) => {
  const experiment = experimentOn(data)
  return fitPreparation(experiment, source.summary, openParts(source, experiment))
}
const number = (name: string, range?: [number, number]): DataColumn => ({
  name,
  kind: 'number',
  missing: 0,
  ...(range && { range })
})
const category = (name: string, ...categories: string[]): DataColumn => ({
  name,
  kind: 'category',
  categories,
  missing: 0
})
/** Rows of a table with class 0; the test part is one row of zeros. */
const table = (rows: number[][], columns?: DataColumn[]) =>
  handleOf(samplesOf(Float32Array.from(rows.flat()), new Int32Array(rows.length)), [rows[0].length], {
    test: samplesOf(new Float32Array(rows[0].length), new Int32Array(1)),
    ...(columns && { columns })
  })

describe('fitting', () => {
  test('nothing gives a plan that changes nothing', () => {
    expect(fit(table([[1, 2]]))).toEqual({
      version: 1,
      sampleShape: [2],
      shape: [2],
      features: [],
      cleaned: []
    })
  })

  test('standardizes each column by the training part alone, and one without spread by 1', () => {
    const { features } = fit(
      table([
        [1, 7, 5],
        [3, 7, 9]
      ]),
      { prepare: [{ use: 'standardize' }] }
    )
    expect(features).toEqual([{ use: 'affine', subtract: [2, 7, 7], multiply: [1, 1, 0.5] }])
  })

  test('brings each column to 0 … 1, and one without range by 1', () => {
    const { features } = fit(
      table([
        [1, 7],
        [3, 7],
        [2, 7]
      ]),
      { prepare: [{ use: 'minMax' }] }
    )
    expect(features).toEqual([{ use: 'affine', subtract: [1, 7], multiply: [0.5, 1] }])
  })

  test('sees neither the validation nor the test part', () => {
    const random = randomFrom('parts')
    const values = Float32Array.from({ length: 200 }, () => random())
    const source = handleOf(samplesOf(values, new Int32Array(200)), [1])
    const data: Data = { prepare: [{ use: 'standardize' }], split: { validation: 0.3 } }
    const experiment = experimentOn(data)
    const { parts } = openParts(source, experiment)
    const before = fit(source, data)
    for (const part of [parts.validation, parts.test])
      for (const index of part?.indices ?? []) values[index] = 1e6
    expect(fit(source, data)).toEqual(before)
    values[parts.train.indices[0]] = 1e6
    expect(fit(source, data)).not.toEqual(before)
  })

  test('works per channel of an image and per feature of a sequence', () => {
    const image = handleOf(
      samplesOf(Float32Array.of(0, 10, 2, 30, 0, 10, 2, 30), new Int32Array(1)),
      [2, 2, 2],
      { test: samplesOf(new Float32Array(8), new Int32Array(1)) }
    )
    expect(fit(image, { prepare: [{ use: 'standardize' }] }).features).toEqual([
      { use: 'affine', subtract: [1, 20], multiply: [1, 0.1] }
    ])
    const sequence = { ...image, summary: { ...image.summary, featureShape: [4, 2] } }
    expect(fit(sequence, { prepare: [{ use: 'minMax' }] }).features).toEqual([
      { use: 'affine', subtract: [0, 10], multiply: [0.5, 1 / 20] }
    ])
  })

  test('is of the samples as they are behind the steps before', () => {
    const bytes = handleOf(samplesOf(Uint8Array.of(0, 255, 0, 255), Int32Array.of(0, 0)), [2], {
      test: samplesOf(Uint8Array.of(1, 1), Int32Array.of(0))
    })
    const prepare: Data['prepare'] = [{ use: 'scale', by: 2 }, { use: 'standardize' }]
    const plan = fit(bytes, { prepare })
    expect(plan.features).toEqual([{ use: 'affine', subtract: [0, 255], multiply: [2, 2] }])
    expect(Array.from(prepareSamples(plan, [3, 256]))).toEqual([6, 2])
  })

  test('joins steps that follow each other, and keeps apart what lies between them', () => {
    const prepare: Data['prepare'] = [
      { use: 'scale', by: 0.5 },
      { use: 'scale', by: 0.25 },
      { use: 'resize', height: 1, width: 1 },
      { use: 'scale', by: 3 }
    ]
    const source = handleOf(samplesOf(new Uint8Array(8), new Int32Array(2)), [2, 2, 1])
    expect(fit({ ...source, test: source.train }, { prepare }).features).toEqual([
      { use: 'affine', subtract: [0], multiply: [0.125] },
      { use: 'resize', height: 1, width: 1 },
      { use: 'affine', subtract: [0], multiply: [3] }
    ])
  })
})

describe('numeric targets', () => {
  const source = handleOf(samplesOf(Float32Array.of(0, 0), Float32Array.of(1, 10, 3, 10), 2), [1], {
    test: samplesOf(Float32Array.of(0), Float32Array.of(9, 9), 2)
  })
  test('are changed by the steps that are for them, all as one', () => {
    const prepare: Data['prepare'] = [
      { use: 'scale', by: 10, on: 'targets' },
      { use: 'standardize', on: 'targets' },
      { use: 'scale', by: 7 }
    ]
    expect(fit(source, { prepare }).targets).toEqual({ use: 'affine', subtract: [2, 10], multiply: [1, 10] })
  })

  test('that are multiplied by zero stay zero, whatever follows', () => {
    const prepare: Data['prepare'] = [
      { use: 'scale', by: 0, on: 'targets' },
      { use: 'minMax', on: 'targets' }
    ]
    expect(fit(source, { prepare }).targets).toEqual({ use: 'affine', subtract: [0, 0], multiply: [0, 0] })
  })

  test('that are classes are refused with the place of the step', () => {
    const prepare: Data['prepare'] = [{ use: 'minMax' }, { use: 'standardize', on: 'targets' }]
    expect(() => fit(table([[1], [2]]), { prepare })).toThrow(
      expect.objectContaining({
        key: 'data.classesNotPrepared',
        values: { path: 'data.prepare.1', word: 'standardize' }
      })
    )
  })
})

describe('columns of categories', () => {
  const columns = [number('age'), category('colour', 'red', 'blue'), number('day', [0, 3])]
  const source = table(
    [
      [40, 1, 0],
      [20, 0, 3]
    ],
    columns
  )
  const sizesOf = (data: Data) => fit(source, data).features

  test('become columns of 0 and 1 in their place', () => {
    const plan = fit(source, { prepare: [{ use: 'oneHot' }] })
    expect(plan).toMatchObject({ shape: [4], features: [{ use: 'oneHot', sizes: [0, 2, 0] }] })
    expect(Array.from(prepareSamples(plan, [40, 1, 3, 30, NaN, 2, 20, 2, 0]))).toEqual([
      40, 0, 1, 3, 30, 0, 0, 2, 20, 0, 0, 0
    ])
  })

  test('can be named, and a named column of whole numbers is one', () => {
    expect(sizesOf({ prepare: [{ use: 'oneHot', columns: ['day'] }] })).toEqual([
      { use: 'oneHot', sizes: [0, 0, 4] }
    ])
    expect(sizesOf({ prepare: [{ use: 'oneHot', columns: [2, 'colour'] }] })).toEqual([
      { use: 'oneHot', sizes: [0, 2, 4] }
    ])
  })

  test.each([
    ['an unknown name', source, ['hue'], 'data.noSuchColumn', { column: 'hue', columns: 'age, colour, day' }],
    ['a position that is not there', table([[1, 2]]), [2], 'data.noSuchPlace', { column: '2', highest: 1 }],
    ['a column of other numbers', source, ['age'], 'data.notCategories', { column: 'age', most: 999 }],
    [
      'a column that is not whole',
      table([[0.5], [3]], [number('x', [0.5, 3])]),
      ['x'],
      'data.notCategories',
      { column: 'x' }
    ],
    ['no column at all', table([[1, 2]]), undefined, 'data.noCategories', { word: 'oneHot' }]
  ] as const)('%s is refused', (_, data, names, key, values) => {
    const prepare: Data['prepare'] = [{ use: 'oneHot', ...(names && { columns: [...names] }) }]
    expect(() => fit(data, { prepare })).toThrow(
      expect.objectContaining({
        key,
        values: expect.objectContaining({ path: 'data.prepare.0', ...values }) as object
      })
    )
  })
})

describe('images', () => {
  const images = (channels: number) => {
    const source = handleOf(samplesOf(new Uint8Array(4 * channels), Int32Array.of(0)), [2, 2, channels])
    return { ...source, test: source.train }
  }
  const operations = (channels: number, prepare: Data['prepare']) => {
    const { features, shape } = fit(images(channels), { prepare })
    return { features, shape }
  }
  test('become gray before they are resized, and are repeated behind it', () => {
    expect(operations(3, [{ use: 'resize', height: 4, width: 3, channels: 1 }])).toEqual({
      features: [{ use: 'grayscale' }, { use: 'resize', height: 4, width: 3 }],
      shape: [4, 3, 1]
    })
    expect(operations(1, [{ use: 'resize', height: 4, width: 3, channels: 3 }])).toEqual({
      features: [
        { use: 'resize', height: 4, width: 3 },
        { use: 'repeat', channels: 3 }
      ],
      shape: [4, 3, 3]
    })
  })

  test('that are as they should be stay as they are', () => {
    expect(
      operations(1, [{ use: 'grayscale' }, { use: 'resize', height: 2, width: 2, channels: 1 }])
    ).toEqual({
      features: [],
      shape: [2, 2, 1]
    })
  })

  test.each([
    ['four channels', images(4), { use: 'grayscale' }, 'data.channels', { found: 4 }],
    [
      'two channels',
      images(2),
      { use: 'resize', height: 1, width: 1, channels: 3 },
      'data.channels',
      { found: 2 }
    ],
    ['a table', table([[1, 2]]), { use: 'grayscale' }, 'data.needsImages', { shape: '2' }],
    ['an image for a table’s word', images(1), { use: 'oneHot' }, 'data.needsTable', { shape: '2 × 2 × 1' }]
  ] as const)('%s that a step can do nothing with are refused', (_, source, step, key, values) => {
    expect(() => fit(source, { prepare: [step] })).toThrow(
      expect.objectContaining({
        key,
        values: expect.objectContaining({ path: 'data.prepare.0', word: step.use, ...values }) as object
      })
    )
  })
})

describe('cleaning that changes values', () => {
  const columns = [number('x'), category('c', 'a', 'b', 'c')]
  const source = table(
    [
      [1, 2],
      [NaN, 2],
      [6, NaN],
      [2, 0],
      [Infinity, 1]
    ],
    columns
  )
  test.each([
    ['mean', 3],
    ['median', 2],
    ['zero', 0],
    ['constant', -9]
  ] as const)('fills with the %s, and columns of categories with the commonest', (how, value) => {
    const clean: Data['clean'] = [{ use: 'fillMissing', with: how, value: -9 }]
    const plan = fit(source, { clean })
    expect(plan.features).toEqual([{ use: 'fill', values: [value, 2] }])
    expect(plan.cleaned).toEqual([{ use: 'fillMissing', unit: 'values', train: 3, test: 0 }])
    expect(Array.from(prepareSamples(plan, [-Infinity, NaN, 5, 1]))).toEqual([value, 2, 5, 1])
  })

  test('clips at so many deviations from the mean, but no categories', () => {
    const outlier = table(
      [
        [0, 0],
        [0, 2],
        [0, 1],
        [10, 2]
      ],
      columns
    )
    const clean: Data['clean'] = [{ use: 'clipOutliers', deviations: 1 }]
    const plan = fit(outlier, { clean })
    const limit = 2.5 + Math.sqrt(18.75)
    expect(Array.from(prepareSamples(plan, [10, 2, -10, 0]))).toEqual([
      Math.fround(limit),
      2,
      Math.fround(2.5 - Math.sqrt(18.75)),
      0
    ])
    expect(plan.cleaned).toEqual([{ use: 'clipOutliers', unit: 'values', train: 1, test: 0 }])
  })

  test('comes before all preparation, in its order, and is counted behind what was left out', () => {
    const clean: Data['clean'] = [
      { use: 'fillMissing', with: 'constant', value: 100 },
      { use: 'dropDuplicates' },
      { use: 'clipOutliers', deviations: 1 }
    ]
    const { features, cleaned } = fit(source, { clean, prepare: [{ use: 'scale', by: 2 }] })
    expect(features.map(({ use }) => use)).toEqual(['fill', 'clip', 'affine'])
    expect(cleaned.map(({ use }) => use)).toEqual(['dropDuplicates', 'fillMissing', 'clipOutliers'])
  })
})

describe('what is missing and not filled is refused, with the way out', () => {
  const rows = [
    [1, 2],
    [3, NaN],
    [4, 5]
  ]
  test('a feature, by its column or its position', () => {
    const refusal = (columns?: DataColumn[]) =>
      expect.objectContaining({
        key: 'data.missingFeature.train',
        values: { name: 'small', sample: 1, place: columns ? 'b' : '1', found: 'NaN' }
      }) as object
    const columns = [number('a'), number('b')]
    expect(() => fit(table(rows, columns))).toThrow(refusal(columns))
    expect(() => fit(table(rows))).toThrow(refusal())
  })

  test('a feature of the test part', () => {
    const source = table([[1, 2]])
    source.test = samplesOf(Float32Array.of(1, -Infinity), new Int32Array(1))
    expect(() => fit(source)).toThrow(
      expect.objectContaining({
        key: 'data.missingFeature.test',
        values: { name: 'small', sample: 0, place: '1', found: '-Infinity' }
      })
    )
  })

  test('a numeric target', () => {
    const source = handleOf(samplesOf(Float32Array.of(1, 2), Float32Array.of(1, 2, 3, NaN), 2), [1], {
      test: samplesOf(Float32Array.of(1), Float32Array.of(1, 1), 2)
    })
    expect(() => fit(source, { clean: [{ use: 'fillMissing' }] })).toThrow(
      expect.objectContaining({
        key: 'data.missingTarget.train',
        values: { name: 'small', sample: 1, place: '1', found: 'NaN' }
      })
    )
  })

  test('but not where samples are left out, values are filled or columns become 0 and 1', () => {
    const missing = table(rows, [
      number('a'),
      category('b', ...Array.from({ length: 6 }, (_, i) => String(i)))
    ])
    expect(() => fit(missing, { clean: [{ use: 'dropMissing' }] })).not.toThrow()
    expect(() => fit(missing, { clean: [{ use: 'fillMissing' }] })).not.toThrow()
    expect(() => fit(missing, { prepare: [{ use: 'oneHot' }] })).not.toThrow()
  })
})

test('the shape of prepared samples is known without data', () => {
  const columns = [number('a'), category('b', 'x', 'y', 'z')]
  const data = datasetOf([2], { columns })
  expect(preparedShape(experimentOn({ prepare: [{ use: 'oneHot' }, { use: 'standardize' }] }), data)).toEqual(
    [4]
  )
  const resized = experimentOn({ prepare: [{ use: 'resize', height: 8, width: 9, channels: 1 }] })
  expect(preparedShape(resized, datasetOf([28, 28, 3]))).toEqual([8, 9, 1])
})
