import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { experimentJsonSchema, layerNames, parseExperiment } from '#contract/experiment'
import { changeLive, liveControls, withValueAt } from '#contract/live'

const PRESETS = resolve(import.meta.dirname, '../../resources/presets')
const readPreset = (name: string): Record<string, never> =>
  JSON.parse(readFileSync(join(PRESETS, name), 'utf8')) as Record<string, never>
const cnn = readPreset('mnist-cnn.json')

test.each(readdirSync(PRESETS))('the preset %s is a valid experiment', (name) => {
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
  expect(experimentJsonSchema()).toMatchObject({ type: 'object', additionalProperties: false })
})
