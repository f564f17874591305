import { expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { expectedOutputs } from '../../src-main/exporters/outputs'
import { experimentOf } from './artifact'

const artifact = (outputs: number[], loss: ExperimentInput['loss'] = { use: 'softmaxCrossEntropy' }) => ({
  experiment: experimentOf([{ use: 'dense', units: 3 }], { loss }),
  preparation: { version: 1 as const, sampleShape: [2], shape: [2], features: [], cleaned: [] },
  model: { inputShape: [2], layers: [], parameters: 0, multiplyAdds: 0 },
  tensors: [],
  samples: new Float32Array(4),
  prepared: new Float32Array(4),
  outputs: Float32Array.from(outputs)
})

test('probabilities are the softmax of each row of logits', () => {
  const e = Math.E
  const total = 1 + e + e * e
  expect(expectedOutputs(artifact([0, 1, 2, 5, 5, 5]))).toEqual(
    Float32Array.from([1 / total, e / total, (e * e) / total, 1 / 3, 1 / 3, 1 / 3])
  )
})

test('logits beyond the range of exp still give probabilities', () => {
  expect(expectedOutputs(artifact([1000, 0, -1000, -800, -800, -2000]))).toEqual(
    Float32Array.from([1, 0, 0, 0.5, 0.5, 0])
  )
})

test('outputs judged one by one become probabilities one by one', () => {
  const outputs = artifact([0, Math.LN2, -1000, 1000, 0, 0], { use: 'binaryCrossEntropy' })
  expect(Array.from(expectedOutputs(outputs))).toEqual([0.5, expect.closeTo(2 / 3, 6), 0, 1, 0.5, 0.5])
})
