import { parseExperiment } from '#contract/experiment'
import { liveControls } from '#contract/live'
import { say } from '#contract/messages'
import { expect, test } from 'vitest'
import { livePlaces } from '../../../src-renderer/views/places'
import { presets } from '../fake-workbench'

test('noise has a live control of its own', () => {
  const experiment = parseExperiment({
    ...presets[0].experiment,
    model: { layers: [{ use: 'gaussianNoise', stddev: 0.2 }, ...presets[0].experiment.model.layers] }
  })
  const places = livePlaces(experiment, (key, values) => say('en', key, values))
  expect(places.find(({ path }) => path === 'model.layers.0.stddev')).toMatchObject({
    label: say('en', 'window.control.gaussianNoise', { layer: 'gaussianNoise_1' }),
    value: 0.2
  })
})

test('a dropout inside a residual has a live control with its full name', () => {
  const preset = presets[0].experiment
  const experiment = parseExperiment({
    ...preset,
    model: { layers: [{ use: 'residual', layers: [{ use: 'dropout', rate: 0.3 }] }, ...preset.model.layers] }
  })
  const places = livePlaces(experiment, (key, values) => say('en', key, values))
  expect(places.find(({ path }) => path === 'model.layers.0.layers.0.rate')).toMatchObject({
    label: say('en', 'window.control.dropout', { layer: 'residual_1/dropout_1' }),
    value: 0.3
  })
  const paths = liveControls(experiment).map(({ path }) => path)
  expect(places.map(({ path }) => path).sort()).toEqual(paths.sort())
})

test('every live number of a transform has a control that names the transform and, beside its threshold, the option', () => {
  const preset = presets[0].experiment
  const experiment = parseExperiment({
    ...preset,
    gradients: [
      { use: 'clipByNorm', max: 3 },
      { use: 'zClip' },
      { use: 'zClip', max: 2 },
      { use: 'centralize' },
      { use: 'sgd', rate: 1 }
    ]
  })
  const places = livePlaces(experiment, (key, values) => say('en', key, values))
  expect(places.slice(1, 5).map(({ path, label, value }) => [path, label, value])).toEqual([
    ['gradients.0.max', 'Clip each tensor by its norm', 3],
    ['gradients.1.deviations', 'Clip spikes of all gradients together (ZClip): Deviations', 2.5],
    ['gradients.2.deviations', 'Clip spikes of all gradients together (ZClip): Deviations', 2.5],
    ['gradients.2.max', 'Clip spikes of all gradients together (ZClip): Highest threshold', 2]
  ])
})
