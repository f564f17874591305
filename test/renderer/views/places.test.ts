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
