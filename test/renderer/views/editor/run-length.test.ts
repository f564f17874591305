import { expect, test } from 'vitest'
import { contentOf, writeAt } from '../../../../src-renderer/state/content'
import { spanOf, stepsPerEpochOf } from '../../../../src-renderer/views/editor/run-length'
import { FakeWorkbench, presets } from '../../fake-workbench'

const content = contentOf(presets[0].experiment)
const data = await new FakeWorkbench().handlers['data.describe']({ source: { use: 'mnist' } })

test('an epoch has the steps that the training samples make after the validation part is taken', () => {
  const limited = writeAt(content, 'data.limit', { train: 1000 })
  expect([stepsPerEpochOf(content.experiment, data), stepsPerEpochOf(limited.experiment, data)]).toEqual([
    422, 8
  ])
})

test('a length that cannot be told is none', () => {
  const wrong = writeAt(content, 'training.batchSize', 'x')
  expect([
    stepsPerEpochOf(wrong.experiment, data),
    stepsPerEpochOf(content.experiment, undefined),
    spanOf(writeAt(content, 'training.epochs', -1).experiment, 10)
  ]).toEqual([undefined, undefined, undefined])
})

test('a run is as long as its epochs or its steps say', () => {
  const counted = writeAt(content, 'training', { batchSize: 1, steps: 50 })
  expect([spanOf(content.experiment, 10), spanOf(counted.experiment, 10)]).toEqual([
    { steps: 20, stepsPerEpoch: 10, epochs: 2 },
    { steps: 50, stepsPerEpoch: 10 }
  ])
})
