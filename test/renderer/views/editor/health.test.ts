import { parseExperiment } from '#contract/experiment'
import { say } from '#contract/messages'
import { expect, test } from 'vitest'
import type { FindingGroup } from '../../../../src-renderer/state/findings'
import { healthOfLayers } from '../../../../src-renderer/views/editor/health'
import { presets } from '../../fake-workbench'

const speech = {
  say: (...said: Parameters<typeof say> extends [unknown, ...infer Rest] ? Rest : never) =>
    say('en', ...said),
  tell: ({ key, values }: FindingGroup['message']) => say('en', key, values)
}
const current = parseExperiment({
  ...presets[0].experiment,
  model: {
    layers: [
      { use: 'dense', units: 8, activation: 'relu' },
      { use: 'residual', layers: [{ use: 'dense', units: 8 }] },
      { use: 'dense', units: 10 }
    ]
  }
})
const names = ['dense_1', 'residual_1', 'dense_2']
const group = (layer: string, more: Partial<FindingGroup> = {}): FindingGroup => ({
  key: `deadUnits ${layer}`,
  kind: 'deadUnits',
  layer,
  severity: 'error',
  message: { key: 'finding.deadUnits', values: { layer } },
  firstStep: 5,
  lastStep: 5,
  count: 1,
  ...more
})
function textsOf(groups: FindingGroup[], layers: unknown[] = current.model.layers): unknown[] {
  const words = layers as Parameters<typeof healthOfLayers>[0]
  return healthOfLayers(words, names, { current, groups }, speech, () => {}).map(
    (health) => health && `${health.severity}: ${health.text}`
  )
}

test('a layer is healthy until something stands about it, in words and in a glyph', () => {
  expect(textsOf([group('dense_2')])).toEqual(['healthy: Healthy', 'healthy: Healthy', 'error: Dead units'])
})

test('what is inside of a layer is named in its line', () => {
  expect(textsOf([group('residual_1/dense_1')])[1]).toBe('error: Dead units · residual_1/dense_1')
})

test('what was withdrawn leaves a layer healthy', () => {
  expect(textsOf([group('dense_1', { withdrawnAt: 300 })])[0]).toBe('healthy: Healthy')
})

test('a layer that the run trains otherwise has no line, whatever defaults were left out', () => {
  const layers = [
    { use: 'dense', units: 9, activation: 'relu' },
    current.model.layers[1],
    { use: 'dense', units: 10 }
  ]
  expect(textsOf([], layers)).toEqual([undefined, 'healthy: Healthy', 'healthy: Healthy'])
})

test('the line goes to its finding', () => {
  const chosen: string[] = []
  const layers = current.model.layers as unknown as Parameters<typeof healthOfLayers>[0]
  const run = { current, groups: [group('dense_1')] }
  healthOfLayers(layers, names, run, speech, (key) => chosen.push(key))
    .at(0)
    ?.onchoose?.()
  expect(chosen).toEqual(['deadUnits dense_1'])
})
