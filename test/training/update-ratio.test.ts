import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Experiment, ExperimentInput } from '#contract/experiment'
import type { ParameterTable } from '#contract/model'
import { startEngine } from '../../src-main/engine/backends'
import { moveLimit, updateRatios, type MoveLimit } from '../../src-main/training/update-ratios'
import { eventsOf, experimentOf, trainToEnd, useWorkplace, type Sitting } from './sitting'

const workplace = useWorkplace()
beforeAll(async () => void (await startEngine('native-cpu')))

const about: ParameterTable = ['a/kernel', 'a/bias', 'b/kernel', 'b/bias'].map((name) => ({
  name,
  layer: name[0],
  role: name.endsWith('bias') ? 'bias' : 'kernel',
  shape: [2],
  fanIn: 1,
  fanOut: 1,
  isOutput: false
}))
const ratiosOf = (updates: number[], weights: number[]): number[] =>
  tf.tidy(() => {
    const limit = moveLimit(about, 1) as MoveLimit
    return Array.from(updateRatios(tf.tensor1d(updates), tf.tensor1d(weights), limit).dataSync())
  })

describe('how far a step moves a layer', () => {
  test('is the norm of its update over that of its weights, all its tensors together', () => {
    const [a, b] = ratiosOf([3, 4, 1, 0], [6, 8, 2, 0])
    expect(a).toBeCloseTo(0.5, 6)
    expect(b).toBeCloseTo(0.5, 6)
  })

  test('leaves out tensors that are zero, and is zero where all of them are', () => {
    const [a, b] = ratiosOf([3, 1000, 5, 5], [6, 0, 0, 0])
    expect(a).toBeCloseTo(0.5, 6)
    expect(b).toBe(0)
  })

  test('is right for very small and very large norms', () => {
    const [a, b] = ratiosOf([1e-30, 0, 1e30, 1e30], [2e-30, 0, 2e30, 2e30])
    expect(a).toBeCloseTo(0.5, 6)
    expect(b).toBeCloseTo(0.5, 6)
  })
})

/** Every third batch is a hundred times as large, and moves the weights far. */
const experimentWith = (guard: ExperimentInput['guard'], use: Experiment['engine']['use']): Experiment =>
  experimentOf({
    engine: { use },
    data: {
      source: { use: 'digits' },
      prepare: [{ use: 'scale', by: 1 / 255 }],
      limit: { train: 300, test: 100 },
      faults: [{ use: 'scaleBatch', every: 3, by: 1000 }]
    },
    model: { layers: [{ use: 'flatten' }, { use: 'dense', units: 10 }] },
    gradients: [{ use: 'sgd', rate: 0.01 }],
    guard
  })
const train = async (
  guard: ExperimentInput['guard'],
  use: Experiment['engine']['use'] = 'native-cpu'
): Promise<Sitting> =>
  trainToEnd({
    folder: workplace.nextFolder(),
    dataset: workplace.dataset,
    experiment: experimentWith(guard, use)
  })

test('a step beyond the limit stops the run, and the event and the finding name layer and ratio', async () => {
  const { events, ended } = await train({ nonFinite: 'stop', maxUpdateRatio: 0.5 })
  const [guard] = eventsOf(events, 'guard')
  expect(guard).toMatchObject({
    step: 3,
    action: 'stop',
    reason: 'updateRatio',
    layer: 'dense_1',
    tensor: 'dense_1/kernel',
    batch: { epoch: 0, offset: 100, count: 50 },
    message: { key: 'training.guard.updateRatio', values: { layer: 'dense_1', limit: 0.5 } }
  })
  expect(guard.ratio).toBeGreaterThan(0.5)
  const [{ finding }] = eventsOf(events, 'finding').filter((event) => event.finding.kind === 'updateTooLarge')
  expect(finding).toMatchObject({ layer: 'dense_1', step: 3, evidence: { limit: 0.5 } })
  expect(finding.evidence.ratio).toBeGreaterThan(0.5)
  expect(ended?.summary.findings.map(({ kind }) => kind)).not.toContain('nonFinite')
  expect(ended?.summary).toMatchObject({
    stopped: 'guard',
    steps: 3,
    refused: 1,
    firstRefused: {
      step: 3,
      layer: 'dense_1',
      reason: 'updateRatio',
      batch: { epoch: 0, offset: 100, count: 50 }
    }
  })
})

test.each(['native-cpu', 'wasm'] as const)('on %s steps beyond the limit are left out', async (use) => {
  const { events, ended } = await train({ nonFinite: 'skip', maxUpdateRatio: 0.5 }, use)
  expect(eventsOf(events, 'guard').map(({ step, action }) => [step, action])).toEqual(
    [3, 6, 9, 12].map((step) => [step, 'skip'])
  )
  expect(ended?.summary).toMatchObject({
    stopped: 'completed',
    steps: 12,
    refused: 4,
    compiled: use === 'native-cpu'
  })
})

test('a step beyond the limit takes a run back', async () => {
  const { ended } = await train({ nonFinite: 'rollback', retries: 10, maxUpdateRatio: 0.5 })
  expect(ended?.summary).toMatchObject({ stopped: 'completed', rollbacks: 4 })
})
