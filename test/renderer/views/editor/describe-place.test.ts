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
  ['gradients.0.max', 'Clip by global norm · Threshold'],
  ['gradients.1.rate', 'Adam · Learning rate'],
  ['data.source', 'Source'],
  ['data.prepare.0.by', 'Scale · Factor'],
  ['training.stopEarly.patience', 'Patience'],
  ['somewhere.else', 'somewhere.else']
])('the place %s is called “%s”', (path, name) => {
  expect(describePlace(path, presets[0].experiment, english)).toBe(name)
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
