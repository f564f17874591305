import { expect, test } from 'vitest'
import type { Message } from '#contract/messages'
import type { RunEvent } from '#contract/run'
import { noticesOf } from '../../../src-renderer/state/notices'

const at = { time: 0, step: 0 }
const batch: Message = { key: 'training.notice.batch', values: { batchSize: 9, samples: 5 } }
const steps: Message = { key: 'training.eager.train.read' }
const scores: Message = { key: 'training.eager.evaluate.read' }
const started: RunEvent = {
  ...at,
  type: 'started',
  engine: { name: 'native-cpu', library: 'TensorFlow 2.21.0', threads: 2 },
  model: { inputShape: [2], layers: [], parameters: 0, multiplyAdds: 0 },
  layers: [],
  samples: { train: 5, validation: 0, test: 1 },
  steps: 1,
  processId: 1
}

test('what was said when the sitting began and why something runs more slowly is known, in order', () => {
  expect(
    noticesOf([
      started,
      { ...at, type: 'notice', message: batch },
      { ...at, type: 'compiled', compiled: false, reason: steps },
      { ...at, type: 'ranEagerly', reason: scores }
    ])
  ).toEqual([batch, steps, scores])
})

test('what was true of an earlier sitting, and steps that run compiled, are nothing to tell', () => {
  const before: RunEvent = { ...at, type: 'compiled', compiled: false, reason: steps }
  expect(noticesOf([started, before, started, { ...at, type: 'compiled', compiled: true }])).toEqual([])
})
