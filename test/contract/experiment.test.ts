import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { experimentJsonSchema, layerNames, parseExperiment, walkLayers } from '#contract/experiment'
import { STUDY_ENDING } from '#contract/study'
import { changeLive, liveControls, withValueAt } from '#contract/live'

const PRESETS = resolve(import.meta.dirname, '../../resources/presets')
const readPreset = (name: string): Record<string, never> =>
  JSON.parse(readFileSync(join(PRESETS, name), 'utf8')) as Record<string, never>
const cnn = readPreset('mnist-cnn.json')

const presets = readdirSync(PRESETS).filter((name) => !name.endsWith(STUDY_ENDING))

test.each(presets)('the preset %s is a valid experiment', (name) => {
  expect(() => parseExperiment(readPreset(name))).not.toThrow()
})

describe('what cannot be computed is refused with its place', () => {
  test.each([
    ['model.layers.5.use', 'dens', 'model.layers.5.use: “dens” is not known; the nearest word is “dense”'],
    [
      'model.layers.5.unit',
      3,
      'model.layers.5.unit: there is no option “unit” here; the nearest one is “units”'
    ],
    ['model.layers.5.units', '3', 'model.layers.5.units is "3"'],
    ['model.layers.5.units', 0, 'model.layers.5.units is 0, but must be more than 0'],
    ['model.layers.5.activation', 'rellu', 'the nearest is “relu”'],
    ['gradients.1.rate', -1, 'gradients.1.rate is -1, but must be 0 or more'],
    ['gradients.1.rate', { use: 'cosin', rate: 1, over: 2 }, 'gradients.1.rate.use: “cosin” is not known'],
    ['gradients.1.rate', { use: 'cosine', rate: 1, ower: 2 }, 'gradients.1.rate.over is missing'],
    ['gradients.0.max', 0, 'gradients.0.max is 0, but must be more than 0'],
    ['gradients.0.max', -1, 'gradients.0.max is -1, but must be more than 0'],
    ['gradients.0', { use: 'adaptiveClip', ratio: 0 }, 'gradients.0.ratio is 0, but must be more than 0'],
    ['gradients.0', { use: 'zClip', max: -1 }, 'gradients.0.max is -1, but must be more than 0'],
    ['gradients.0', { use: 'adaGc', absolute: 0 }, 'gradients.0.absolute is 0, but must be more than 0'],
    [
      'gradients.0',
      { use: 'autoClip', percentile: -1 },
      'gradients.0.percentile is -1, but must be 0 or more'
    ],
    [
      'gradients.0',
      { use: 'autoClip', percentile: 101 },
      'gradients.0.percentile is 101, but must be 100 or less'
    ],
    [
      'gradients.1.rate',
      { use: 'cosine', rate: 1, over: 2, warmup: 3 },
      'gradients.1.rate.over is 2, which is shorter than its warm-up of 3'
    ],
    [
      'gradients.1',
      { use: 'spam', rate: 1, reset: 100 },
      'gradients.1.reset is 100, which is shorter than its warm-up of 150'
    ],
    ['gradients.1.rate', { use: 'oneCycle', rate: 1, over: 2, rise: 2 }, 'gradients.1.rate.rise is 2'],
    [
      'gradients.1',
      { use: 'sgd', rate: { use: 'oneCycle', rate: 1, over: 2, cycleMomentum: true } },
      'the optimizer sgd has no momentum'
    ],
    [
      'gradients.1.rate',
      { use: 'plateau', rate: 1, factor: 1 },
      'gradients.1.rate.factor is 1, but must be less than 1'
    ],
    ['gradients.1.rate', { use: 'plateau', rate: 1, monitor: 'validation.los' }, 'gradients.1.rate.monitor'],
    ['loss', undefined, 'loss is missing'],
    ['trainin', 1, 'trainin: there is no option “trainin” here; the nearest one is “training”'],
    ['training.steps', 3, 'exactly one of epochs and steps'],
    ['gradients', [{ use: 'clipByValue', max: 1 }], 'gradients has no optimizer'],
    [
      'gradients',
      [
        { use: 'sgd', rate: 1 },
        { use: 'adam', rate: 1 }
      ],
      'two optimizers, sgd and adam'
    ],
    [
      'gradients',
      [
        { use: 'sgd', rate: 1 },
        { use: 'clipByValue', max: 1 }
      ],
      'gradients.1: clipByValue stands behind'
    ],
    ['model.layers.5.name', 'conv2d_1', 'both named “conv2d_1”'],
    ['model.layers', [], 'model.layers is empty'],
    ['model.layers.5.name', 'a b', 'model.layers.5.name is "a b", which does not have the form'],
    ['model.weights', 'abc', 'model.weights is "abc", which does not have the form'],
    ['seed', 1.5, 'seed is 1.5']
  ])('%s = %j', (path, value, sentence) => {
    expect(() => parseExperiment(withValueAt(cnn, path, value))).toThrow(sentence)
  })
})

test.each([
  ['gradients.1.rate', 3],
  ['loss.weight', -1],
  ['model.layers.0.initializer', { use: 'zeros' }]
])('what is merely unwise is accepted: %s = %j', (path, value) => {
  expect(() => parseExperiment(withValueAt(cnn, path, value))).not.toThrow()
})

test('layers are named by their word and its number, or as they say', () => {
  expect(layerNames([{ use: 'dense' }, { use: 'dense', name: 'head' }, { use: 'dense' }])).toEqual([
    'dense_1',
    'head',
    'dense_3'
  ])
})

/** An experiment whose residual holds another one, which holds a dropout. */
const nested = withValueAt(cnn, 'model.layers.3', {
  use: 'residual',
  layers: [
    { use: 'dense', units: 9 },
    {
      use: 'residual',
      name: 'inner',
      layers: [
        { use: 'dropout', rate: 0.1 },
        { use: 'dense', units: 9 }
      ]
    },
    { use: 'dense', units: 9 }
  ]
})

test('layers inside residuals have names and places that lead through them', () => {
  const walked = walkLayers(parseExperiment(nested).model.layers)
  expect(walked.slice(3, 9).map(({ name, path, layer: { use } }) => [use, name, path])).toEqual([
    ['residual', 'residual_1', 'model.layers.3'],
    ['dense', 'residual_1/dense_1', 'model.layers.3.layers.0'],
    ['residual', 'residual_1/inner', 'model.layers.3.layers.1'],
    ['dropout', 'residual_1/inner/dropout_1', 'model.layers.3.layers.1.layers.0'],
    ['dense', 'residual_1/inner/dense_1', 'model.layers.3.layers.1.layers.1'],
    ['dense', 'residual_1/dense_2', 'model.layers.3.layers.2']
  ])
})

describe('what is wrong inside a residual is refused with its whole path', () => {
  const inner = 'model.layers.3.layers.1.layers'
  test.each([
    [`${inner}.1.unit`, 9, `${inner}.1.unit: there is no option “unit” here; the nearest one is “units”`],
    [`${inner}.1.units`, 'x', `${inner}.1.units is "x"`],
    [`${inner}.0.rate`, 1, `${inner}.0.rate is 1, but must be less than 1`],
    [`${inner}.0.use`, 'dropot', `${inner}.0.use: “dropot” is not known; the nearest word is “dropout”`],
    [inner, [], `${inner} is empty`],
    [inner, undefined, `${inner} is missing`],
    [
      'model.layers.3.layers.2.name',
      'inner',
      'model.layers.3.layers.1 and model.layers.3.layers.2 are both named “inner”'
    ],
    [
      'model.layers.3.layers.2.name',
      'shortcut',
      'model.layers.3.layers.2.name: a residual itself has a part named “shortcut”'
    ],
    [
      `${inner}.1`,
      { use: 'weightNormalization', layer: { use: 'flatten' } },
      `${inner}.1.layer.use: “flatten” is not known`
    ],
    [
      `${inner}.1`,
      { use: 'weightNormalization', layer: { use: 'dense', units: 3, name: 'x' } },
      `${inner}.1.layer.name: there is no option “name” here`
    ]
  ])('%s = %j', (path, value, sentence) => {
    expect(() => parseExperiment(withValueAt(nested, path, value))).toThrow(sentence)
  })

  test('the same name in two residuals is no trouble', () => {
    expect(() => parseExperiment(withValueAt(nested, 'model.layers.3.layers.2.name', 'dense_1'))).toThrow()
    expect(() => parseExperiment(withValueAt(nested, `${inner}.1.name`, 'dense_2'))).not.toThrow()
  })

  test('layers that stand inside one another without end', () => {
    let layer: unknown = { use: 'flatten' }
    for (let depth = 0; depth < 5000; depth++) layer = { use: 'residual', layers: [layer] }
    expect(() => parseExperiment(withValueAt(cnn, 'model.layers', [layer]))).toThrow('32 levels deep')
  })
})

test('two sources of first weights are refused', () => {
  const { layers } = parseExperiment(cnn).model
  const both = { layers, initialize: { use: 'lsuv' }, weights: 'a'.repeat(64) }
  expect(() => parseExperiment(withValueAt(cnn, 'model', both))).toThrow('remove one of the two')
})

test('a dropout inside residuals can change while the run goes on', () => {
  const before = parseExperiment(nested)
  const path = 'model.layers.3.layers.1.layers.0.rate'
  expect(liveControls(before).find((control) => control.path === path)).toEqual({
    path,
    option: 'rate',
    use: 'dropout',
    layer: 'residual_1/inner/dropout_1'
  })
  expect(liveControls(changeLive(before, path, 0.7))).toEqual(liveControls(before))
  expect(changeLive(before, path, 0.7).model.layers[3]).toMatchObject({
    layers: [{}, { layers: [{ rate: 0.7 }, {}] }, {}]
  })
  expect(() => changeLive(before, path, 1)).toThrow(`${path} is 1`)
})

test('rate, thresholds, dropout and batch size are live, and nothing else', () => {
  expect(liveControls(parseExperiment(cnn)).map(({ path }) => path)).toEqual([
    'gradients.0.max',
    'gradients.1.rate',
    'model.layers.4.rate',
    'training.batchSize'
  ])
})

test('a live change is checked like the experiment itself', () => {
  const before = parseExperiment(cnn)
  expect(changeLive(before, 'gradients.1.rate', 0.01).gradients[1]).toMatchObject({ use: 'adam', rate: 0.01 })
  expect(() => changeLive(before, 'model.layers.5.units', 12)).toThrow('cannot change while the run goes on')
  expect(() => changeLive(before, 'model.layers.4.rate', 1)).toThrow('must be less than 1')
})

test('the JSON Schema describes what the parser accepts', () => {
  const layers = { items: { $ref: '#/$defs/layer' } }
  expect(experimentJsonSchema('en')).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: { model: { properties: { layers } } },
    $defs: {
      layer: {
        oneOf: expect.arrayContaining([
          expect.objectContaining({
            properties: expect.objectContaining({
              layers: expect.objectContaining(layers) as unknown
            }) as unknown
          })
        ]) as unknown
      }
    }
  })
})
