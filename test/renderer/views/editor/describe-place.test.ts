import { say } from '#contract/messages'
import { expect, test } from 'vitest'
import { describePlace, describeValue } from '../../../../src-renderer/views/editor/describe-place'
import { presets } from '../../fake-workbench'

const english: Parameters<typeof describePlace>[2] = (key, values) => say('en', key, values)

test.each([
  ['model.layers.3.units', 'dense_1 · Units'],
  ['model.layers.0.initializer', 'conv2d_1 · Initial weights'],
  ['model.layers.4', 'dropout_1'],
  ['model.layers.4.rate', 'dropout_1 · Share dropped'],
  ['model.layers.4.unknown', 'dropout_1 · unknown'],
  ['gradients.0.max', 'Clip all gradients together by their norm · Threshold'],
  ['gradients.1.rate', 'Adam · Learning rate'],
  ['data.source', 'Source'],
  ['data.prepare.0.by', 'Scale · Factor'],
  ['training.stopEarly.patience', 'Patience'],
  ['somewhere.else', 'somewhere.else']
])('the place %s is called “%s”', (path, name) => {
  expect(describePlace(path, presets[0].experiment, english)).toBe(name)
})

test.each([
  ['model.layers.1.shortcut', 'residual_1 · Shortcut'],
  ['model.layers.1.layers', 'residual_1 · Layers'],
  ['model.layers.1.layers.0', 'residual_1/dense_1'],
  ['model.layers.1.layers.1.layers.0.rate', 'residual_1/inner/dropout_1 · Share dropped'],
  ['model.layers.2.layer.units', 'weightNormalization_1 · Layer · Units']
])('the place %s inside another layer is called “%s”', (path, name) => {
  const layers = [
    { use: 'flatten' },
    {
      use: 'residual',
      layers: [
        { use: 'dense', units: 3 },
        { use: 'residual', name: 'inner', layers: [{ use: 'dropout', rate: 0.5 }] }
      ]
    },
    { use: 'weightNormalization', layer: { use: 'dense', units: 3 } }
  ]
  expect(describePlace(path, { model: { layers } }, english)).toBe(name)
})

test.each([
  ['data.augment', 'Augmentation'],
  ['model.weights', 'Weights from a file'],
  ['data.clean.0.fewerThan', 'Drop rare classes · Fewer than'],
  ['data.augment.0.by', 'Shift · Largest shift'],
  ['data.faults.0.share', 'Permute labels · Share'],
  ['model.initialize.tolerance', 'LSUV · Tolerance']
])('the place %s among data and first weights is called “%s”', (path, name) => {
  const experiment = {
    data: {
      clean: [{ use: 'dropRareClasses', fewerThan: 5 }],
      augment: [{ use: 'shift', by: 0.1 }],
      faults: [{ use: 'permuteLabels', share: 0.1 }]
    },
    model: { layers: [], initialize: { use: 'lsuv', tolerance: 0.1 } }
  }
  expect(describePlace(path, experiment, english)).toBe(name)
})

test('a place among layers that are only being typed is named by its word', () => {
  const layers = [{ use: 'residual', layers: [null, { use: 'dense', units: 'x' }] }]
  expect(describePlace('model.layers.0.layers.1.units', { model: { layers } }, english)).toBe('Dense · Units')
})

test.each([
  [undefined, 'none'],
  [0.001, '0.001'],
  ['relu', 'ReLU'],
  [true, 'yes'],
  [{ use: 'dense', units: 64, activation: 'relu' }, 'Dense 64'],
  [{ use: 'flatten' }, 'Flatten'],
  [{ validation: 0.1 }, '0.1'],
  [[3, 5], '[3,5]']
])('the value %j is written “%s”', (value, text) => {
  expect(describeValue(value, english)).toBe(text)
})
