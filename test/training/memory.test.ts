import * as tf from '@tensorflow/tfjs-core'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { gradientStep } from '#contract/vocabulary'
import { startEngine } from '../../src-main/engine/backends'
import { buildChain } from '../../src-main/gradients/chain'
import { buildModel } from '../../src-main/models/build'
import { checkMemory, estimateMemory, slots } from '../../src-main/training/memory'
import { createTrainingService } from '../../src-main/training/service'
import { startCpu } from '../oracles/cpu'
import { experimentOf, useWorkplace } from './sitting'

const workplace = useWorkplace()
beforeAll(async () => void (await startCpu()))

const experiment = (layers: ExperimentInput['model']['layers'], batchSize = 50) =>
  experimentOf({ model: { layers }, training: { batchSize, epochs: 1 } })
const summaryOf = (own: ReturnType<typeof experiment>, shape: number[]) =>
  buildModel(own.model.layers, shape).summary

test('the need is what weights, gradients and slots take, and what layers keep of each sample of a step', () => {
  const own = experiment([
    { use: 'flatten' },
    { use: 'dense', units: 100, activation: 'relu' },
    { use: 'dense', units: 10 }
  ])
  const parameters = 784 * 100 + 100 + 1010
  expect(estimateMemory(own, summaryOf(own, [28, 28, 1]), 300)).toEqual({
    weights: 4 * parameters * 4,
    perSample: 4 * 110,
    samples: 50,
    total: 16 * parameters + 50 * 440
  })
  expect(estimateMemory(own, summaryOf(own, [28, 28, 1]), 20).samples).toBe(20)
})

test('a guard that goes back needs two more states, slots included', () => {
  const own = experiment([{ use: 'flatten' }, { use: 'dense', units: 10 }])
  const goesBack = { ...own, guard: { ...own.guard, nonFinite: 'rollback' as const } }
  const summary = summaryOf(own, [28, 28, 1])
  const weights = [own, goesBack].map((each) => estimateMemory(each, summary, 300).weights)
  expect(weights).toEqual([4 * 7850 * 4, 4 * 7850 * (4 + 6)])
})

test('a recurrent layer keeps its gates of every step', () => {
  const own = experiment([
    { use: 'gru', units: 5 },
    { use: 'dense', units: 10 }
  ])
  expect(estimateMemory(own, summaryOf(own, [100, 3]), 300).perSample).toBe(4 * (100 * 5 * 4 + 10))
})

test.each(Object.entries(slots))('%s keeps %i tensors for each parameter', (use, count) => {
  const about = [
    {
      name: 'a/kernel',
      layer: 'a',
      role: 'kernel' as const,
      shape: [2, 3],
      fanIn: 2,
      fanOut: 3,
      isOutput: true
    }
  ]
  tf.tidy(() => {
    const state = buildChain([gradientStep.parse({ use, rate: 0.1 })], about).init({
      'a/kernel': tf.zeros([2, 3])
    })
    const numbers = Object.values(state).reduce((sum, { size }) => sum + size, 0)
    expect(numbers).toBe(6 * count)
  })
})

test('what cannot fit is refused with the way out', () => {
  const own = experiment([{ use: 'flatten' }, { use: 'dense', units: 100 }, { use: 'dense', units: 10 }])
  const summary = summaryOf(own, [28, 28, 1])
  const { weights, total } = estimateMemory(own, summary, 300)
  const check = (limit: number) => () => checkMemory(own, summary, 300, limit)
  expect(check(total)).not.toThrow()
  expect(check(total - 1)).toThrow(
    expect.objectContaining({
      key: 'training.memory.batch',
      values: expect.objectContaining({ fitting: 49 }) as object
    })
  )
  expect(check(weights)).toThrow(expect.objectContaining({ key: 'training.memory.sample' }))
  expect(check(weights - 1)).toThrow(
    expect.objectContaining({
      key: 'training.memory.weights',
      values: expect.objectContaining({ layer: 'dense_1' }) as object
    })
  )
})

test('a run that cannot fit leaves nothing behind', async () => {
  const folder = workplace.nextFolder()
  const service = createTrainingService(startEngine, () => {}, { memory: 1000 })
  const asked = service.handlers.train({ folder, dataset: workplace.dataset, experiment: experimentOf() })
  await expect(Promise.resolve(asked)).rejects.toMatchObject({ key: 'training.memory.weights' })
  expect(existsSync(join(folder, 'experiment.json'))).toBe(false)
})
